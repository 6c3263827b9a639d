import type { Locator, Page } from '@playwright/test'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { inEachView } from '#e2e/fixtures/each-view.ts'
import { expect, test } from '#e2e/fixtures/test.ts'
import { accessPage } from '#e2e/models/access-page.ts'
import { policyPage } from '#e2e/models/policy-page.ts'

/** Where the first row begins at most, in pixels. */
const tops = { 390: 420, 1024: 360, 1440: 320 } as const
const topOf = (one: Locator) => one.evaluate((node) => node.getBoundingClientRect().top)

/** Whether the button's text has the colour of danger: more red than anything else. */
const redButtons = (page: Page) =>
  page
    .getByRole('main')
    .getByRole('button')
    .filter({ visible: true })
    .evaluateAll((buttons) => {
      const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true })
      if (!canvas) throw new Error('no canvas')
      const isRed = (colour: string) => {
        canvas.clearRect(0, 0, 1, 1)
        canvas.fillStyle = colour
        canvas.fillRect(0, 0, 1, 1)
        const [red = 0, green = 0, blue = 0, alpha = 0] = canvas.getImageData(0, 0, 1, 1).data
        return alpha > 0 && red > 1.5 * Math.max(green, blue)
      }
      return buttons
        .filter((button) => {
          const { color, backgroundColor } = getComputedStyle(button)
          return isRed(color) || isRed(backgroundColor)
        })
        .map((button) => button.textContent)
    })

test('rows come first: the trail, people and credentials begin near the top', async ({
  as,
  stack,
  seedSpace,
  kubectlFor,
}) => {
  const [admin, member] = [await as('carol'), await as('nadja')]
  const name = uniqueName('first-row')
  await seedSpace(member, { name })
  await kubectlFor(member, name)
  for (const [path, row] of [
    ['/audit', 'main [role=region] li, main section li'],
    ['/admin/people', 'main tbody tr'],
    ['/admin/credentials', 'main tbody tr'],
  ] as const) {
    await admin.goto(`${stack.webUrl}${path}`)
    const first = admin.locator(row).first()
    await expect(first, path).toBeVisible()
    await inEachView(admin, async ({ width }, where) => {
      await expect.poll(() => topOf(first), `${path} ${where}`).toBeLessThan(tops[width])
    })
  }
})

test('whoever has something to decide sees it on the overview and in the inbox, and never reads that there is nothing', async ({
  as,
  stack,
  seedRequest,
  seedSpace,
}) => {
  const [admin, owner] = [await as('carol'), await as('oona')]
  const space = uniqueName('to-decide')
  await seedSpace(owner, { name: space })
  await seedRequest(await as('orla'), { space, role: 'viewer', minutes: 1_440, reason: 'To look' })
  for (const [page, path] of [
    [admin, '/admin'],
    [admin, '/inbox'],
    [owner, '/inbox'],
  ] as const) {
    await page.goto(`${stack.webUrl}${path}`)
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    await inEachView(page, async (_, where) => {
      await expect(page.getByRole('banner').getByText(/waiting or unread/), `${path} ${where}`).toHaveCount(1)
      await expect(page.getByRole('main').getByText(/^Nothing (?:needs|is waiting)/), `${path} ${where}`).toHaveCount(0)
    })
  }
})

test('the policy’s bar stays in sight, and its errors lead to their fields', async ({ as, stack }) => {
  const admin = await as('carol')
  const policy = policyPage(admin, stack.webUrl)
  await policy.open()
  const before = await policy.limit.inputValue()
  await policy.limit.fill(`${Number(before) + 1}`)
  await inEachView(admin, async (_, where) => {
    await admin.getByRole('heading', { level: 1 }).scrollIntoViewIfNeeded()
    await expect(policy.changeCount, where).toHaveText('1 change')
    await expect(policy.changeCount, where).toBeInViewport()
    await expect(policy.saveButton, where).toBeInViewport()
    await policy.saveButton.click()
    await expect(policy.reason, where).toBeFocused()
    await expect(policy.reason, where).toBeInViewport()
    await expect(policy.reason, where).toHaveAccessibleDescription(/Fill this in/)
    await policy.limit.focus()
  })
})

test('one red button on a person’s page: Offboard', async ({ as, stack, sql }) => {
  await as('nadja')
  const [{ handle } = {}] = await sql(`SELECT handle FROM user_account WHERE email = 'nadja@example.com'`)
  const admin = await as('carol')
  await admin.goto(`${stack.webUrl}/admin/people/${handle}`)
  await expect(
    admin.getByRole('button', { name: 'Offboard' }).or(admin.getByRole('link', { name: 'Offboard' })),
  ).toBeVisible()
  await inEachView(admin, async (_, where) => {
    expect(await redButtons(admin), where).toEqual(['Offboard'])
  })
})

test('adding members starts at viewer for 30 days, and takes several at once', async ({ as, stack, seedSpace }) => {
  const owner = await as('nadja')
  await Promise.all(['ben', 'nils'].map((person) => as(person)))
  const name = uniqueName('adding')
  await seedSpace(owner, { name })
  const access = accessPage(owner, stack.webUrl, name)
  await access.open()
  await inEachView(owner, async (_, where) => {
    await access.startAdding()
    const dialog = owner.getByRole('dialog')
    await expect(dialog.getByRole('combobox', { name: 'Role' }), where).toHaveValue('viewer')
    await expect(dialog.getByLabel('Ends'), where).not.toHaveValue('')
    for (const [at, address] of ['ben@example.com', 'nils@example.com'].entries()) {
      await access.who.fill(address)
      await access.who.press('Enter')
      await expect(access.chosen, where).toHaveCount(at + 1)
    }
    await expect(dialog.getByRole('button', { name: 'Add', exact: true }), where).toBeInViewport()
    await owner.keyboard.press('Escape')
    await owner.keyboard.press('Escape')
    await expect(dialog, where).toHaveCount(0)
  })
})
