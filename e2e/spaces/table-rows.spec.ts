import type { Page } from '@playwright/test'
import { expect, test } from '#e2e/fixtures/test.ts'
import { listThirtySpaces } from '#e2e/fixtures/thirty-spaces.ts'

listThirtySpaces('ronja')

const heightOf = (page: Page) =>
  page.getByRole('table', { name: 'Spaces' }).evaluate((table) => Math.round(table.getBoundingClientRect().height))

const rowHeight = async (page: Page) => (await page.getByRole('row').nth(1).boundingBox())?.height

test('25 spaces fit in 1,050 px as rows of 40 px, and in 1,900 px as cards on a phone', async ({ as, stack }) => {
  const page = await as('ronja')
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    for (const width of [1024, 1440]) {
      await page.setViewportSize({ width, height: 900 })
      await page.goto(stack.webUrl)
      await expect(page.getByText('1–25 of 30')).toBeVisible()
      expect(await rowHeight(page), `a row at ${width}`).toBe(40)
      expect(await heightOf(page), `the table at ${width}`).toBeLessThanOrEqual(1050)
    }
    await page.setViewportSize({ width: 390, height: 844 })
    expect(await rowHeight(page), 'a card').toBeLessThanOrEqual(72)
    expect(await heightOf(page), 'the cards').toBeLessThanOrEqual(1900)
  }
})

test('the first space is at most 260 px from the top of a phone, and all filters open at once', async ({
  as,
  stack,
}) => {
  const page = await as('ronja')
  await page.setViewportSize({ width: 390, height: 844 })
  await page.goto(stack.webUrl)
  const first = page.getByRole('table', { name: 'Spaces' }).locator('tbody tr').first()
  await expect(page.getByText('1–25 of 30')).toBeVisible()
  expect((await first.boundingBox())?.y).toBeLessThanOrEqual(260)
  const hidden = ['Status', 'Owner', 'My role', 'Order', 'Size'].map((name) => page.getByRole('combobox', { name }))
  for (const field of hidden) await expect(field).toBeHidden()
  await page.getByText('Filters', { exact: true }).click()
  for (const field of hidden) await expect(field).toBeVisible()
  await expect(page.getByRole('link', { name: 'Owned by me' })).toBeVisible()
  await page.getByText('Filters', { exact: true }).click()
  await expect(hidden[0] ?? first).toBeHidden()
})

test('filters are one line, and each status is beside its name', async ({ as, stack }) => {
  const page = await as('ronja')
  for (const width of [1024, 1440]) {
    await page.setViewportSize({ width, height: 900 })
    await page.goto(stack.webUrl)
    await expect(page.getByText('1–25 of 30')).toBeVisible()
    const search = page.getByRole('search', { name: 'Spaces' })
    const controls = await search.locator('form .control:visible, form summary').all()
    expect(controls.length).toBe(5)
    const tops = await Promise.all(controls.map(async (one) => (await one.boundingBox())?.y ?? 0))
    expect(Math.max(...tops) - Math.min(...tops), `at ${width}`).toBeLessThan(2)
    const edges = await page
      .getByRole('row')
      .nth(1)
      .evaluate((row) => {
        const name = row.querySelector('a')?.getBoundingClientRect().right ?? 0
        return (row.querySelector('.state-label')?.getBoundingClientRect().left ?? 0) - name
      })
    expect(edges, `at ${width}`).toBeLessThan(240)
  }
})

test('compact rows chosen in the person’s menu have 32 px at once and on later pages', async ({ as, stack }) => {
  const page = await as('ronja')
  await page.setViewportSize({ width: 1440, height: 900 })
  await page.goto(stack.webUrl)
  await expect(page.getByText('1–25 of 30')).toBeVisible()
  const choose = async (name: 'Compact' | 'Comfortable') => {
    await page.getByRole('banner').getByRole('button', { name: 'Ronja Example' }).click()
    await page.getByRole('menuitemradio', { name }).click()
    await expect(page.getByRole('menuitemradio', { name })).toHaveAttribute('aria-checked', 'true')
    // Browsers set cookies with a short delay.
    await expect
      .poll(async () => (await page.context().cookies()).find((one) => one.name === 'spaceport-density')?.value)
      .toBe(name.toLowerCase())
    await page.keyboard.press('Escape')
  }
  await choose('Compact')
  expect(await rowHeight(page)).toBe(32)
  await page.reload()
  expect(await rowHeight(page)).toBe(32)
  await choose('Comfortable')
  expect(await rowHeight(page)).toBe(40)
})

test('a cookie with an invalid density is ignored', async ({ nobody, stack }) => {
  const answer = await nobody.request.get(`${stack.webUrl}/sign-in`, {
    headers: { cookie: 'spaceport-density=%22%3E%3Cscript%3E' },
  })
  expect(await answer.text()).not.toMatch(/<html[^>]*data-density/)
})
