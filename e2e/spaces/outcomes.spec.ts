import type { Page, Request } from '@playwright/test'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { helpUrl } from '#dev/testing/portal/described-stack.ts'
import { expect, test } from '#e2e/fixtures/test.ts'
import { accessPage } from '#e2e/models/access-page.ts'
import { signIn } from '#e2e/models/sign-in.ts'

const toasts = (page: Page) => page.locator('[aria-live=polite].fixed')
const isAction = (request: Request) => request.method() === 'POST' && request.headers()['next-action'] !== undefined

/** Holds back the page's next action until `answer` is called. */
async function holdAction(page: Page) {
  const arrived = Promise.withResolvers<void>()
  const answered = Promise.withResolvers<'continue' | 'abort'>()
  let held = false
  await page.route('**/*', async (route) => {
    if (held || !isAction(route.request())) return route.fallback()
    held = true
    arrived.resolve()
    if ((await answered.promise) === 'abort') return route.abort()
    await route.continue()
  })
  return { arrived: arrived.promise, answer: answered.resolve }
}

const otmar = { principal: 'otmar@example.com', role: 'viewer' } as const

test.describe('a dialog that is closed too early', () => {
  test.use({ tolerated: /net::ERR_FAILED/ })

  test('still shows its action’s result: on the page, elsewhere, and on failure with the typed text', async ({
    as,
    stack,
    seedSpace,
  }) => {
    await as('otmar')
    const page = await as('opal')
    const name = uniqueName('outcomes')
    await seedSpace(page, { name, members: [otmar] })
    await accessPage(page, stack.webUrl, name).open()
    const remove = page.getByRole('button', { name: 'Remove Otmar Example' })
    const dialog = page.getByRole('dialog')

    const failing = await holdAction(page)
    await remove.click()
    await dialog.getByRole('button', { name: 'Remove' }).click()
    await failing.arrived
    await page.keyboard.press('Escape')
    await expect(dialog).toHaveCount(0)
    failing.answer('abort')
    await expect(toasts(page)).toContainText('Remove Otmar Example: We got no response')
    await toasts(page).getByRole('button', { name: 'Show' }).click()
    await expect(dialog.getByRole('alert')).toContainText('We got no response')
    await expect(dialog.getByRole('alert')).toBeFocused()
    await page.keyboard.press('Escape')
    await remove.click()
    await expect(dialog.getByRole('alert'), 'seen, so gone').toHaveCount(0)

    const slow = await holdAction(page)
    await dialog.getByRole('button', { name: 'Remove' }).click()
    await slow.arrived
    await page.keyboard.press('Escape')
    await page.getByRole('link', { name: 'Credentials' }).click()
    slow.answer('continue')
    await expect(toasts(page)).toContainText(/Removed Otmar Example \(otmar-\w+\)\. They lose access immediately/)
    await expect(page.getByRole('heading', { level: 1, name: 'Credentials' })).toBeFocused()
    await expect(toasts(page), 'it goes along').toContainText('Removed Otmar Example')
  })
})

test('a toast names its object, waits under the pointer, offers undo, and leaves with its page', async ({
  as,
  stack,
  seedSpace,
}) => {
  await as('otmar')
  const page = await as('opal')
  const name = uniqueName('outcomes')
  await seedSpace(page, { name, members: [otmar] })
  await accessPage(page, stack.webUrl, name).open()
  const dialog = page.getByRole('dialog')
  await page.clock.install()
  const row = page.getByRole('row', { name: /Otmar Example/ })
  await page.getByRole('button', { name: 'Change Otmar Example' }).click()
  await dialog.getByRole('combobox', { name: 'Role' }).selectOption('editor')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(row).toContainText('Editor')
  await toasts(page).getByRole('button', { name: 'Undo' }).click()
  await expect(row).toContainText('Viewer')
  await page.getByRole('button', { name: 'Remove Otmar Example' }).click()
  await dialog.getByRole('button', { name: 'Remove' }).click()
  const removed = toasts(page).getByText(/Removed Otmar Example/)
  await expect(removed).toBeVisible()
  await removed.hover()
  // In two steps: after the first, the page knows where the pointer is.
  await page.clock.runFor(1_000)
  await page.clock.runFor(29_000)
  await expect(removed, 'it waits while the pointer is on it').toBeVisible()
  await expect(page.getByRole('heading', { level: 2, name: 'Members' }), 'the row is gone').toBeFocused()
  await toasts(page).getByRole('button', { name: 'Undo' }).click()
  await expect(page.getByRole('table', { name: 'Members' })).toContainText('Otmar Example')
  const added = toasts(page)
    .getByText(/Added Otmar Example/)
    .last()
  await expect(added).toBeVisible()
  await page.mouse.move(0, 0)
  await page.clock.runFor(3_000)
  await page.getByRole('link', { name: 'Inbox' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Inbox' })).toBeFocused()
  await expect(added).toHaveCount(0)
})

test('after a removal the next row has the focus, and after the last one the section’s heading', async ({
  as,
  stack,
  seedSpace,
}) => {
  await as('otmar')
  const page = await as('opal')
  const name = uniqueName('outcomes')
  await seedSpace(page, { name, members: [otmar, { principal: 'group:team-green', role: 'viewer' }] })
  await accessPage(page, stack.webUrl, name).open()
  const table = page.getByRole('table', { name: 'Members' })
  for (const [row, next] of [
    [1, page.getByRole('row').nth(2).getByRole('button').first()],
    [1, page.getByRole('heading', { level: 2, name: 'Members' })],
  ] as const) {
    const buttons = table.getByRole('button', { name: /^Remove/ })
    const count = await buttons.count()
    await buttons.nth(row - 1).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
    await expect(buttons).toHaveCount(count - 1)
    await expect(next).toBeFocused()
  }
})

test('a menu closes on navigation, and shows which item has the focus, also in forced colours', async ({
  as,
  stack,
}) => {
  const page = await as('opal')
  await page.goto(stack.webUrl)
  const button = page.getByRole('banner').getByRole('button', { name: 'Opal Example' })
  await button.focus()
  await page.keyboard.press('ArrowDown')
  const profile = page.getByRole('menuitem', { name: 'Profile' })
  await expect(profile).toBeFocused()
  for (const forcedColors of ['none', 'active'] as const) {
    await page.emulateMedia({ forcedColors })
    await expect(profile).toHaveCSS('outline-style', 'solid')
    await expect(profile).toHaveCSS('outline-width', '2px')
  }
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 1, name: 'Profile' })).toBeFocused()
  await expect(page.getByRole('menu')).toHaveCount(0)
})

test('the company’s own help is linked on the sign-in page, in the menu and in the search', async ({
  as,
  nobody,
  stack,
}) => {
  await nobody.goto(`${stack.webUrl}/sign-in`)
  await expect(nobody.getByRole('link', { name: 'Get help' })).toHaveAttribute('href', helpUrl)

  const page = await as('opal')
  await page.goto(stack.webUrl)
  await page.getByRole('banner').getByRole('button', { name: 'Opal Example' }).click()
  const help = page.getByRole('menuitem', { name: 'Help' })
  await expect(help).toHaveAttribute('href', helpUrl)
  await expect(help).toHaveAttribute('target', '_blank')
  await expect(page.getByRole('menu')).toContainText(/Spaceport \d+\.\d+\.\d+/)
  await page.keyboard.press('Escape')

  await page.getByRole('button', { name: /^Search/ }).click()
  await page.getByRole('dialog').getByRole('combobox').fill('get help')
  await expect(page.getByRole('option', { name: 'Get help' })).toBeVisible()
})

test('a person who is signed out while typing signs in again in another tab, and loses nothing', async ({
  browser,
  stack,
  sql,
}) => {
  const context = await browser.newContext()
  const page = await context.newPage()
  await signIn(page, stack.webUrl, { username: 'opal', password: 'opal' })
  await page.goto(`${stack.webUrl}/spaces/new`)
  const name = uniqueName('typed')
  await page.getByRole('textbox', { name: 'Name' }).fill(name)
  await page.getByRole('textbox', { name: 'Description' }).fill('Typed before the session ended')
  await sql(
    `DELETE FROM session WHERE id = (SELECT s.id FROM session s JOIN user_account u ON u.id = s.user_id
     WHERE u.handle LIKE 'opal-%' ORDER BY s.created_at DESC LIMIT 1)`,
  )
  await page.getByRole('button', { name: 'Create space' }).click()
  const alert = page.getByRole('alert').filter({ hasText: 'You are signed out' })
  await expect(alert).toBeFocused()
  const opened = context.waitForEvent('page')
  await alert.getByRole('link', { name: 'Sign in' }).click()
  const beside = await opened
  await beside.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expect(beside.getByRole('navigation', { name: 'Main' })).toBeVisible()
  await beside.close()
  await page.getByRole('button', { name: 'Create space' }).click()
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible()
  await expect(page.getByText('Typed before the session ended')).toBeVisible()
  await context.close()
})
