import type { Page } from '@playwright/test'
import { expect, test } from '#e2e/fixtures/test.ts'
import { listThirtySpaces } from '#e2e/fixtures/thirty-spaces.ts'
import { column, keepAsItIs, pathOf, rows } from '#e2e/models/space-list.ts'

// Filters and links used while the page is refreshing (components/ui/live/page-refresh.ts).

const { nameAt } = listThirtySpaces('leo')

test('back during a refresh restores the rows of its address too', async ({ as, stack }) => {
  const page = await as('leo')
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
  const page = await as('leo')
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
  const page = await as('leo')
  await openHanging(page, stack.webUrl, sql)
  await page.evaluate(() => Object.assign(window, { isSame: true }))
  await page.getByRole('combobox', { name: 'Owner' }).selectOption('me')
  await expect(page.getByRole('list', { name: 'Filters', exact: true })).toContainText('Owned by me')
  expect(pathOf(page)).toBe('/?owner=me')
  expect(await page.evaluate(() => 'isSame' in window)).toBe(true)
})

test('a filter chosen while a refresh hangs is dropped when the person leaves the page', async ({ as, stack, sql }) => {
  const page = await as('leo')
  await openHanging(page, stack.webUrl, sql)
  await page.getByRole('combobox', { name: 'Owner' }).selectOption('me')
  expect(pathOf(page)).toBe('/')
  await page.keyboard.press('Escape')
  await page.getByRole('heading', { level: 1 }).click()
  // The two keys count together only if they come within a second and a half.
  await expect(async () => {
    await page.keyboard.press('g')
    await page.keyboard.press('r')
    await expect(page.getByRole('heading', { level: 1, name: 'Requests' })).toBeVisible({ timeout: 5_000 })
  }).toPass({ timeout: 30_000 })
  // The address would change with the page or, at the latest, when the wait for the refresh ends.
  await page.waitForTimeout(9_000)
  expect(pathOf(page)).toBe('/requests')
})

test('a filter chosen while a refresh hangs doesn’t cancel a slow navigation', async ({ as, stack, sql }) => {
  const page = await as('leo')
  await openHanging(page, stack.webUrl, sql)
  await page.getByRole('combobox', { name: 'Owner' }).selectOption('me')
  // The wait for the refresh ends before this page comes.
  await page.route(
    ({ pathname, searchParams }) => pathname === '/requests' && searchParams.has('_rsc'),
    async (route) => {
      await page.waitForTimeout(9_000)
      await route.continue()
    },
  )
  await page.getByRole('link', { name: 'Requests' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Requests' })).toBeVisible({ timeout: 30_000 })
  expect(pathOf(page)).toBe('/requests')
})
