import type { Page } from '@playwright/test'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { expectMay } from '#e2e/fixtures/expect-may.ts'
import { corners, lookBeforeRelease } from '#e2e/fixtures/look.ts'
import { expect, test } from '#e2e/fixtures/test.ts'
import { accessPage } from '#e2e/models/access-page.ts'
import { newSpacePage } from '#e2e/models/new-space-page.ts'
import { requestPage } from '#e2e/models/request-page.ts'

/** Fails on the next page load, so later content must have arrived without one. */
const stayOn = async (page: Page) => {
  await page.evaluate(() => document.documentElement.setAttribute('data-loaded-before', ''))
  return () => expect(page.locator('html[data-loaded-before]')).toHaveCount(1)
}

test('a decision updates every open page of the requester and its title, with a toast on pages that don’t show it', async ({
  as,
  stack,
}) => {
  test.setTimeout(180_000)
  const [page, carol] = [await as('tilda'), await as('carol')]
  const name = uniqueName('told')
  await requestPage(carol, stack.webUrl).openInbox()
  const carolStays = await stayOn(carol)
  const form = newSpacePage(page)
  await form.open(stack.webUrl)
  await form.fill({ name, size: 'L', reason: 'A load test' })
  await form.requestButton.click()
  await page.waitForURL(/\/requests\/[0-9a-f-]{36}/)
  const request = new URL(page.url()).pathname
  await expect(page.getByText('Open', { exact: true }).first()).toBeVisible()
  const asked = requestPage(carol, stack.webUrl).waiting.getByRole('link', { name: new RegExp(name) })
  await expect(asked, 'the approver’s list').toBeVisible()
  await expect(carol).toHaveTitle(/^\(\d+\+?\) Inbox · Spaceport$/)

  const [spaces, inbox, credentials] = [
    await page.context().newPage(),
    await page.context().newPage(),
    await page.context().newPage(),
  ]
  await spaces.goto(stack.webUrl)
  await inbox.goto(`${stack.webUrl}/inbox`)
  await credentials.goto(`${stack.webUrl}/credentials`)
  await expect(spaces).toHaveTitle('Spaces · Spaceport')
  const staying = await Promise.all([page, spaces, inbox, credentials].map(stayOn))

  await asked.click()
  await carol.waitForURL(`**${request}`)
  await carolStays()
  const sentence = new RegExp(`^Carol .* approved your request for the new space ${name}`)
  // Immediately, and hovered: the toasts would disappear.
  const toasts = [spaces, credentials].map(async (tab) => {
    await expect(tab.getByText(sentence)).toBeVisible({ timeout: 30_000 })
    await tab.getByText(sentence).hover()
  })
  await Promise.all([requestPage(carol, stack.webUrl).approve(), ...toasts])

  await expect(page.getByText('Approved', { exact: true }).first(), 'the open request').toBeVisible()
  await expect(page.getByText(sentence), 'no toast where the page shows it').toHaveCount(0)
  const happened = inbox.getByRole('list', { name: 'What happened' }).getByRole('listitem').filter({ hasText: name })
  await expect(happened).toContainText('Unread:')
  await expect(spaces.getByRole('link', { name, exact: true }), 'the list of spaces').toBeVisible()
  for (const tab of [page, spaces, inbox, credentials]) {
    await expect(tab.getByRole('link', { name: 'Inbox 1 waiting or unread' })).toBeVisible()
    await expect(tab).toHaveTitle(/^\(1\) .* · Spaceport$/)
  }
  for (const path of ['/', '/credentials', '/spaces/new']) {
    const html = await (await page.request.get(`${stack.webUrl}${path}`)).text()
    expect(html, 'before any script').toMatch(/<title>\(1\) [^<]+ · Spaceport<\/title>/)
  }
  expect(await lookBeforeRelease(spaces, 'told-toast', corners)).toEqual([])
  await expect(carol.getByText(sentence), 'no notification of one’s own action').toHaveCount(0)

  await credentials.getByRole('link', { name: 'Requests', exact: true }).click()
  await expect(credentials, 'across pages').toHaveTitle('(1) Your requests · Spaceport')
  for (const stays of staying) await stays()
  await credentials.getByRole('link', { name: 'Open', exact: true }).click()
  await credentials.waitForURL(`**${request}`)
  for (const tab of [page, spaces, inbox, credentials]) {
    await expect(tab.getByRole('link', { name: 'Inbox', exact: true }), 'opening it marks it as read').toBeVisible()
    await expect(tab).not.toHaveTitle(/^\(/)
  }
})

test('credentials and spaces update live without disturbing a person who types', async ({
  as,
  stack,
  sql,
  admin,
  kubectlFor,
  seedSpace,
}) => {
  test.setTimeout(180_000)
  const [owner, page] = [await as('tilda'), await as('timo')]
  const name = uniqueName('told')
  await seedSpace(owner, { name })

  await page.goto(stack.webUrl)
  await expect(page.getByText('No spaces yet')).toBeVisible()
  const stays = await stayOn(page)
  const access = accessPage(owner, stack.webUrl, name)
  await access.open()
  await Promise.all([
    access.addSuggested({ who: 'Timo', role: 'editor' }, /Timo Example/),
    // The toast disappears after some seconds.
    expect(page.getByText(`gave you the editor role in ${name}`)).toBeVisible({ timeout: 30_000 }),
  ])
  await expect(page.getByRole('link', { name, exact: true }), 'added by another person').toBeVisible()
  await stays()

  const other = await page.context().newPage()
  const mine = await kubectlFor(other, name)
  await page.goto(`${stack.webUrl}/credentials`)
  const row = page.getByRole('table', { name: 'Active credentials', exact: true }).getByRole('row', { name })
  await expect(row).toContainText('Never')
  const [{ handle } = {}] = await sql(`SELECT handle FROM user_account WHERE name = 'Timo Example'`)
  await expectMay(admin, String(handle), name, ['list', 'pods'], 'yes')
  const loaded = await stayOn(page)
  const field = page.getByRole('textbox', { name: 'Name' })
  await field.fill('being typed')
  await mine.ok(['get', 'pods'])
  await expect(row).toContainText(/kubectl \d+\.\d+, \w+, from 127\.0\.0\.1/, { timeout: 30_000 })
  await expect(field).toBeFocused()
  await expect(field).toHaveValue('being typed')

  await other.goto(`${stack.webUrl}/credentials`)
  await other.getByRole('button', { name: `Revoke the kubeconfig for ${name}` }).click()
  await other.getByRole('dialog').getByRole('button', { name: 'Revoke', exact: true }).click()
  await expect(page.getByText('Expired and revoked (1)')).toBeVisible()
  await expect(row).toHaveCount(0)
  await expect(field).toHaveValue('being typed')
  await loaded()
})
