import type { Page, Request } from '@playwright/test'
import { expect, test } from '#e2e/fixtures/test.ts'
import { listThirtySpaces } from '#e2e/fixtures/thirty-spaces.ts'
import { typeEarly } from '#e2e/fixtures/type-early.ts'
import { signIn } from '#e2e/models/sign-in.ts'
import { column, keepAsItIs, pathOf, rows, table } from '#e2e/models/space-list.ts'

const { prefix, nameAt } = listThirtySpaces('lena')
const search = (page: Page) => page.getByRole('searchbox', { name: 'Search spaces' })
const rangeOf = (page: Page) => page.getByRole('navigation', { name: 'Pages' }).getByRole('paragraph')

/** @returns the page's requests from now on */
function follow(page: Page): { rows: Request[]; others: string[] } {
  const asked: { rows: Request[]; others: string[] } = { rows: [], others: [] }
  page.on('request', (request) => {
    const { pathname, search } = new URL(request.url())
    if (pathname === '/api/rows/spaces') asked.rows.push(request)
    // Browsers look for the icon again when the address changes; the stream of what others do opens once, a while after.
    else if (pathname !== '/icon.svg' && pathname !== '/api/me/live') asked.others.push(pathname + search)
  })
  return asked
}

async function open(page: Page, webUrl: string): Promise<void> {
  await keepAsItIs(page)
  await page.goto(`${webUrl}/`)
  await expect(rows(page)).toHaveCount(25)
}

test('text typed while the page loads is searched for', async ({ as, stack }) => {
  const page = await as('lena')
  const early = await typeEarly(page, 'search', 'seventh')
  await page.goto(stack.webUrl)
  await page.waitForURL(/search=seventh/)
  await expect(rows(page)).toHaveText([new RegExp(nameAt(7))])
  await expect(search(page)).toHaveValue('seventh')
  expect(await early()).toBe(true)
})

test('order, pages and search change the rows and the address without rendering the page again', async ({
  as,
  stack,
}) => {
  const page = await as('lena')
  await open(page, stack.webUrl)
  await expect(rows(page).first()).toContainText(nameAt(1))
  await expect(page.getByText(/^Spaces \d/)).toHaveCount(0)
  const asked = follow(page)

  const byName = column(page, 'Name').getByRole('link')
  await byName.click()
  await expect(column(page, 'Name')).toHaveAttribute('aria-sort', 'ascending')
  expect(pathOf(page)).toBe('/?sort=name')
  await byName.click()
  await expect(rows(page).first()).toContainText(nameAt(30))
  await expect(column(page, 'Name')).toHaveAttribute('aria-sort', 'descending')
  expect(pathOf(page)).toBe('/?sort=name&order=desc')
  await expect(byName).toBeFocused()
  await expect(page.getByText('Spaces 1–25 of 30')).toBeAttached()

  await page.getByRole('link', { name: 'Next' }).click()
  await expect(rows(page)).toHaveCount(5)
  await expect(rangeOf(page)).toHaveText('26–30 of 30')
  expect(pathOf(page)).toBe('/?sort=name&order=desc&page=2')
  // The pressed link is gone; keyboard users continue at the rows.
  await expect(page.getByRole('link', { name: 'Next' })).toHaveCount(0)
  expect(await page.evaluate(() => document.activeElement?.contains(document.querySelector('table')))).toBe(true)
  await expect(table(page)).toBeInViewport()

  await search(page).fill('seventh')
  await expect(rows(page)).toHaveText([new RegExp(nameAt(7))])
  await expect(search(page)).toBeFocused()
  expect(pathOf(page)).toBe('/?search=seventh&sort=name&order=desc')
  await search(page).fill('nothing like it')
  await expect(page.getByRole('heading', { name: 'Nothing found' })).toBeVisible()
  await page.getByRole('link', { name: 'Clear filters' }).first().click()
  await expect(rows(page)).toHaveCount(25)
  await expect(search(page)).toHaveValue('')
  expect(pathOf(page), 'the order stays').toBe('/?sort=name&order=desc')

  expect(asked.others).toEqual([])
  expect(asked.rows.length).toBe(6)
})

test('back and forward restore each address’s rows and search', async ({ as, stack }) => {
  const page = await as('lena')
  await open(page, stack.webUrl)
  await column(page, 'Created').getByRole('link').click()
  await expect(rows(page).first()).toContainText(nameAt(30))
  await page.getByRole('combobox', { name: 'Owner' }).selectOption('me')
  await expect(page).toHaveURL(/owner=me/)
  // The filter’s chip moves the links below it.
  await expect(page.getByRole('list', { name: 'Filters', exact: true })).toBeVisible()
  await page.getByRole('link', { name: 'Next' }).click()
  await expect(rows(page)).toHaveCount(5)

  await page.goBack()
  await expect(rows(page)).toHaveCount(25)
  await expect(rows(page).first()).toContainText(nameAt(30))
  await page.goBack()
  await expect(rows(page).first()).toContainText(nameAt(1))
  await expect(page.getByRole('combobox', { name: 'Owner' })).toHaveValue('')
  await page.goForward()
  await expect(rows(page).first()).toContainText(nameAt(30))
  await expect(page.getByRole('combobox', { name: 'Owner' })).toHaveValue('me')

  // Also after another page, and after a reload, which the server renders.
  await rows(page).first().getByRole('link').click()
  await expect(page.getByRole('heading', { level: 1, name: nameAt(30) })).toBeVisible()
  await page.goBack()
  await expect(rows(page).first()).toContainText(nameAt(30))
  await page.reload()
  await expect(rows(page).first()).toContainText(nameAt(30))
})

test('back to the “Skip to content” target restores its page', async ({ as, stack }) => {
  const page = await as('lena')
  await open(page, stack.webUrl)
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/#main$/)
  await page.getByRole('link', { name: 'Requests' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Requests' })).toBeVisible()
  await page.goBack()
  await expect(rows(page)).toHaveCount(25)
  await expect(page).toHaveURL(/#main$/)
})

test('the filters show what is active: each can be removed, and none comes back', async ({ as, stack }) => {
  const page = await as('lena')
  await open(page, stack.webUrl)
  const role = page.getByRole('combobox', { name: 'My role' })
  const chips = page.getByRole('list', { name: 'Filters', exact: true })
  await search(page).fill(prefix)
  await role.selectOption('owner')
  await expect(chips.getByRole('link')).toHaveText([/“row-/, /My role: Owner/, 'Clear filters'])
  await chips.getByRole('link', { name: /My role/ }).click()
  await expect(role).toHaveValue('')
  await expect(search(page)).toHaveValue(prefix)
  await page.getByRole('button', { name: 'Clear search' }).click()
  await expect(search(page)).toBeFocused()
  await expect(chips).toHaveCount(0)
  expect(pathOf(page)).toBe('/')

  // Clearing the filters also discards text still being typed.
  await search(page).fill(`${prefix}-0`)
  await expect(chips).toBeVisible()
  await search(page).fill(`${prefix}-01`)
  await chips.getByRole('link', { name: 'Clear filters' }).evaluate(clickOnBusyPage)
  await expect(rows(page)).toHaveCount(25)
  await role.selectOption('owner')
  await expect(chips).toContainText('My role: Owner')
  expect(pathOf(page)).toBe('/?role=owner')

  // The navigation opens the whole list; the link back from a space opens the list as it was.
  await column(page, 'Created').getByRole('link').click()
  await expect(rows(page).first()).toContainText(nameAt(30))
  await rows(page).first().getByRole('link').click()
  await expect(page.getByRole('heading', { level: 1, name: nameAt(30) })).toBeVisible()
  await page.getByRole('main').getByRole('link', { name: 'Spaces', exact: true }).click()
  await expect(rows(page).first()).toContainText(nameAt(30))
  expect(pathOf(page)).toBe('/?role=owner&sort=created')
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Spaces' }).click()
  await expect(rows(page).first()).toContainText(nameAt(1))
  await expect(role).toHaveValue('')
})

/** Clicks before the page can render and before the typed text is due. */
function clickOnBusyPage(link: Element): void {
  if (link instanceof HTMLElement) link.click()
  const free = performance.now() + 500
  while (performance.now() < free);
}

test('the whole row links to its space, and its other controls still work', async ({ as, stack }) => {
  const page = await as('lena')
  await open(page, stack.webUrl)
  // The link covers the whole row.
  await table(page).getByRole('cell', { name: 'Owner', exact: true }).first().click({ force: true })
  await expect(page.getByRole('heading', { level: 1, name: nameAt(1) })).toBeVisible()
  await page.goBack()
  await table(page).getByRole('link', { name: 'Lena Example' }).first().click()
  await expect(page.getByRole('list', { name: 'Filters', exact: true })).toContainText('Owned by Lena Example')
})

test('on a narrow screen a space is a card of two lines, and the order can be chosen', async ({ as, stack }) => {
  const page = await as('lena')
  await page.setViewportSize({ width: 700, height: 900 })
  await open(page, stack.webUrl)
  const box = await table(page)
    .getByRole('row')
    .filter({ hasText: nameAt(1) })
    .boundingBox()
  expect(box?.height ?? 0).toBeGreaterThan(20)
  expect(box?.height ?? 0).toBeLessThan(90)
  await page.getByRole('combobox', { name: 'Order' }).selectOption('created')
  await expect(rows(page).first()).toContainText(nameAt(30))
})

test('an outdated request is aborted, and a loading state shows after a second', async ({ as, stack }) => {
  const page = await as('lena')
  await open(page, stack.webUrl)
  const aborted = page.waitForEvent('requestfailed', (request) => request.url().includes('sort=ends'))
  const answering = Promise.withResolvers<void>()
  await page.route('**/api/rows/spaces?*sort=ends*', async (route) => {
    await answering.promise
    await route.continue().catch(() => {})
  })
  await column(page, 'Ends').getByRole('link').click()
  await expect(page.getByText('Still loading…')).toBeVisible()
  // The old rows are marked as out of date.
  await expect(page.locator('[aria-busy=true]').filter({ has: table(page) })).toHaveCount(1)
  await column(page, 'Created').getByRole('link').click()
  expect((await aborted).url()).toContain('sort=ends')
  await expect(page.getByText('Still loading…')).toHaveCount(0)
  answering.resolve()
  await expect(rows(page).first()).toContainText(nameAt(30))
})

test.describe('without an answer', () => {
  test.use({ tolerated: /net::ERR_INTERNET_DISCONNECTED/ })

  test('a failure replaces the rows, and can be retried', async ({ as, stack }) => {
    const page = await as('lena')
    await open(page, stack.webUrl)
    await page.context().setOffline(true)
    await column(page, 'Created').getByRole('link').click()
    const alert = page.getByRole('alert').filter({ hasText: 'couldn’t be loaded' })
    await expect(alert).toBeVisible()
    await expect(table(page)).toBeHidden()
    await page.context().setOffline(false)
    await alert.getByRole('button', { name: 'Retry' }).click()
    await expect(rows(page).first()).toContainText(nameAt(30))
    await expect(alert).toHaveCount(0)
  })
})

test('once the session has ended, loading rows leads to sign-in and back', async ({ browser, stack, sql }) => {
  const context = await browser.newContext()
  const page = await context.newPage()
  await signIn(page, stack.webUrl, { username: 'lena', password: 'lena' })
  await open(page, stack.webUrl)
  await sql(
    `DELETE FROM session WHERE id = (SELECT s.id FROM session s JOIN user_account u ON u.id = s.user_id
     WHERE u.handle LIKE 'lena-%' ORDER BY s.created_at DESC LIMIT 1)`,
  )
  await column(page, 'Created').getByRole('link').click()
  await page.waitForURL('**/sign-in?**')
  expect(new URL(page.url()).searchParams.get('callbackUrl')).toBe('/?sort=created')
  await context.close()
})

test('without scripts, links and the search load the page', async ({ browser, sessionOf, stack }) => {
  const context = await browser.newContext({ storageState: await sessionOf('lena'), javaScriptEnabled: false })
  const page = await context.newPage()
  await page.goto(`${stack.webUrl}/?page=2`)
  await expect(rows(page)).toHaveCount(5)
  await column(page, 'Created').getByRole('link').click()
  await expect(rows(page).first()).toContainText(nameAt(30))
  await search(page).fill('seventh')
  await page.getByRole('main').getByRole('button', { name: 'Search' }).click()
  await expect(rows(page)).toHaveText([new RegExp(nameAt(7))])
  await context.close()
})

test('an address with unknown parameters is loaded once', async ({ as, stack }) => {
  const page = await as('lena')
  await keepAsItIs(page)
  let loads = 0
  page.on('load', () => loads++)
  // The server never sees the first two, and sees the third twice.
  for (const parameter of ['_rsc=x', 'nxtPname=x', 'toString=x', 'utm_source=x']) {
    loads = 0
    await page.goto(`${stack.webUrl}/?${parameter}&order=desc`)
    await expect(rows(page).first()).toContainText(nameAt(30))
    await column(page, 'Name').getByRole('link').click()
    await expect(rows(page).first()).toContainText(nameAt(1))
    expect(pathOf(page)).toBe('/?sort=name')
    await page.goBack()
    await expect(rows(page).first()).toContainText(nameAt(30))
    expect(loads, parameter).toBe(1)
  }
})
