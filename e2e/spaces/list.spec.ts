import { randomBytes } from 'node:crypto'
import type { Page, Request } from '@playwright/test'
import { expect, test } from '#e2e/fixtures/test.ts'
import { typeEarly } from '#e2e/fixtures/type-early.ts'
import { signIn } from '#e2e/models/sign-in.ts'

const prefix = `row-${randomBytes(3).toString('hex')}`
const count = 30
const nameAt = (index: number) => `${prefix}-${String(index).padStart(2, '0')}`

test.beforeEach(async ({ as, sql }) => {
  await as('lena')
  // No cluster has them: they are only listed, and deleted before the worker looks for their namespaces.
  await sql(
    `INSERT INTO space (id, cluster_id, name, namespace, creation, description, size, owner_id, status, generation, observed_generation, created_at)
     SELECT gen_random_uuid(), c.id, $1 || '-' || lpad(i::text, 2, '0'), $1 || '-' || lpad(i::text, 2, '0'), 'x',
       CASE WHEN i = 7 THEN 'seventh' ELSE '' END, 'S', u.id, 'ready', 1, 1, now() - i * interval '1 hour'
     FROM generate_series(1, $2::int) i, user_account u, (SELECT id FROM cluster ORDER BY name LIMIT 1) c
     WHERE u.handle LIKE 'lena-%'`,
    [prefix, count],
  )
})
test.afterEach(async ({ sql }) => {
  await sql(`UPDATE space SET status = 'deleted', deleted_at = now() WHERE name LIKE $1`, [`${prefix}-%`])
})

const table = (page: Page) => page.getByRole('table', { name: 'Spaces' })
const rows = (page: Page) => table(page).getByRole('rowheader')
const column = (page: Page, name: string) => table(page).getByRole('columnheader', { name })
const search = (page: Page) => page.getByRole('searchbox', { name: 'Search spaces' })
const rangeOf = (page: Page) => page.getByRole('navigation', { name: 'Pages' }).getByRole('paragraph')
const pathOf = (page: Page) => page.url().slice(new URL(page.url()).origin.length)

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

/** Other tests would make the page render again: its change stream never gets an answer. */
const keepAsItIs = (page: Page) => page.route('**/api/me/live*', () => {})

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
  await expect(rows(page).first()).toContainText(nameAt(30))
  await expect(column(page, 'Name')).toHaveAttribute('aria-sort', 'descending')
  expect(pathOf(page)).toBe('/?order=desc')
  await expect(byName).toBeFocused()
  await expect(page.getByText('Spaces 1–25 of 30')).toBeAttached()

  await page.getByRole('link', { name: 'Next' }).click()
  await expect(rows(page)).toHaveCount(5)
  await expect(rangeOf(page)).toHaveText('26–30 of 30')
  expect(pathOf(page)).toBe('/?order=desc&page=2')
  // The pressed link is gone; keyboard users continue at the rows.
  await expect(page.getByRole('link', { name: 'Next' })).toHaveCount(0)
  expect(await page.evaluate(() => document.activeElement?.contains(document.querySelector('table')))).toBe(true)
  await expect(table(page)).toBeInViewport()

  await search(page).fill('seventh')
  await expect(rows(page)).toHaveText([new RegExp(nameAt(7))])
  await expect(search(page)).toBeFocused()
  expect(pathOf(page)).toBe('/?search=seventh&order=desc')
  await search(page).fill('nothing like it')
  await expect(page.getByRole('heading', { name: 'Nothing found' })).toBeVisible()
  await page.getByRole('link', { name: 'Clear filters' }).first().click()
  await expect(rows(page)).toHaveCount(25)
  await expect(search(page)).toHaveValue('')
  expect(pathOf(page), 'the order stays').toBe('/?order=desc')

  expect(asked.others).toEqual([])
  expect(asked.rows.length).toBe(5)
})

test('back and forward restore each address’s rows and search', async ({ as, stack }) => {
  const page = await as('lena')
  await open(page, stack.webUrl)
  await column(page, 'Created').getByRole('link').click()
  await expect(rows(page).first()).toContainText(nameAt(30))
  await page.getByRole('combobox', { name: 'Owner' }).selectOption('me')
  await expect(page).toHaveURL(/owner=me/)
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

test('back during a refresh restores the rows of its address too', async ({ as, stack }) => {
  const page = await as('lena')
  await keepAsItIs(page)
  // The answer comes in two parts with Back between them; the router then waits for a discarded part.
  await page.addInitScript(() => {
    const { fetch } = window
    const asked = window as unknown as { firstPart?: number | undefined }
    window.fetch = async (...of) => {
      const answer = await fetch(...of)
      const { firstPart } = asked
      if (firstPart === undefined || !String(of[0]).includes('_rsc')) return answer
      asked.firstPart = undefined
      const bytes = new Uint8Array(await answer.arrayBuffer())
      const at = Math.floor(bytes.length * firstPart)
      const body = new ReadableStream({
        async start(controller) {
          controller.enqueue(bytes.slice(0, at))
          setTimeout(() => history.back(), 200)
          await new Promise((done) => setTimeout(done, 400))
          controller.enqueue(bytes.slice(at))
          controller.close()
        },
      })
      return Object.defineProperty(new Response(body, answer), 'url', { value: answer.url })
    }
  })
  for (const firstPart of [0.3, 0.4]) {
    await page.goto(`${stack.webUrl}/?order=desc`)
    await expect(rows(page).first()).toContainText(nameAt(30))
    await column(page, 'Name').getByRole('link').click()
    await expect(rows(page).first()).toContainText(nameAt(1))
    await page.evaluate((firstPart) => {
      const { next } = Object.assign(window, { firstPart }) as unknown as { next: { router: { refresh(): void } } }
      next.router.refresh()
    }, firstPart)
    await expect(rows(page).first()).toContainText(nameAt(30))
    expect(pathOf(page)).toBe('/?order=desc')
    expect(await page.evaluate(() => 'firstPart' in window), 'the page was not loaded again').toBe(true)
  }
})

type Sql = (statement: string, values: readonly unknown[]) => Promise<unknown>
/** The list without filters, whose refresh never gets an answer. Prefetches don't count as refreshes. */
async function openHanging(page: Page, webUrl: string, sql: Sql): Promise<void> {
  await page.goto(`${webUrl}/`)
  await expect(rows(page)).toHaveCount(25)
  let held = 0
  await page.route(
    ({ pathname, searchParams }) => pathname === '/' && searchParams.has('_rsc') && !searchParams.has('owner'),
    (route) => {
      if (route.request().headers()['next-router-prefetch'] !== undefined) return route.continue()
      held++
    },
  )
  await changeEnd(sql)
  await expect.poll(() => held).toBeGreaterThan(0)
}
/** Open list pages get the change, and the worker has nothing to do. */
const changeEnd = (sql: Sql) =>
  sql(
    `UPDATE space SET ends_at = CASE WHEN ends_at IS NULL THEN now() + interval '300 days' END WHERE name = $1 AND status <> 'deleted'`,
    [nameAt(1)],
  )

test('a list that is rendered again while it is filtered shows the filtered rows', async ({ as, stack, sql }) => {
  test.setTimeout(180_000)
  const page = await as('lena')
  // Slow enough that a choice is made while an answer is rendered.
  const browser = await page.context().newCDPSession(page)
  await browser.send('Emulation.setCPUThrottlingRate', { rate: 6 })
  for (let round = 0; round < 2; round++) {
    await page.goto(`${stack.webUrl}/`)
    await expect(rows(page)).toHaveCount(25)
    const answered = page.waitForResponse(/_rsc=/)
    await changeEnd(sql)
    await answered
    await page.getByRole('combobox', { name: 'Owner' }).selectOption('me')
    await expect(page.getByRole('list', { name: 'Filters', exact: true })).toContainText('Owned by me')
    await page.getByRole('link', { name: 'Next' }).click()
    await expect(rows(page)).toHaveCount(5)
    expect(pathOf(page)).toBe('/?owner=me&page=2')
  }
})

test('a filter chosen while a refresh hangs is applied in the end, without loading the page', async ({
  as,
  stack,
  sql,
}) => {
  const page = await as('lena')
  await openHanging(page, stack.webUrl, sql)
  await page.evaluate(() => Object.assign(window, { isSame: true }))
  await page.getByRole('combobox', { name: 'Owner' }).selectOption('me')
  await expect(page.getByRole('list', { name: 'Filters', exact: true })).toContainText('Owned by me')
  expect(pathOf(page)).toBe('/?owner=me')
  expect(await page.evaluate(() => 'isSame' in window)).toBe(true)
})

test('a filter chosen while a refresh hangs is dropped when the person leaves the page', async ({ as, stack, sql }) => {
  const page = await as('lena')
  await openHanging(page, stack.webUrl, sql)
  await page.getByRole('combobox', { name: 'Owner' }).selectOption('me')
  expect(pathOf(page)).toBe('/')
  await page.getByRole('link', { name: 'Requests' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Requests' })).toBeVisible()
  // The address would change with the page or, at the latest, when the wait for the refresh ends.
  await page.waitForTimeout(9_000)
  expect(pathOf(page)).toBe('/requests')
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

test('below 1,024 px a space is a card of two lines, and the order can be chosen', async ({ as, stack }) => {
  const page = await as('lena')
  await page.setViewportSize({ width: 834, height: 900 })
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
  await column(page, 'Name').getByRole('link').click()
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
    await column(page, 'Name').getByRole('link').click()
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
  await column(page, 'Name').getByRole('link').click()
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
    expect(pathOf(page)).toBe('/')
    await page.goBack()
    await expect(rows(page).first()).toContainText(nameAt(30))
    expect(loads, parameter).toBe(1)
  }
})
