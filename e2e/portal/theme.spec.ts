import type { Page } from '@playwright/test'
import { expect, test } from '#e2e/fixtures/test.ts'

const canvas = { light: 'rgb(246, 247, 249)', dark: 'rgb(12, 14, 19)' } as const
const ground = (page: Page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor)

const cookieOf = async (page: Page) =>
  (await page.context().cookies()).find(({ name }) => name === 'spaceport-theme')?.value

/** Opens the person's menu and selects a theme. The menu stays open. */
async function choose(page: Page, theme: 'System' | 'Light' | 'Dark') {
  const menu = page.getByRole('menu')
  if (!(await menu.isVisible())) await page.getByRole('banner').getByRole('button', { name: 'Theo Example' }).click()
  const item = menu.getByRole('menuitemradio', { name: theme })
  await item.click()
  await expect(item).toHaveAttribute('aria-checked', 'true')
  // Browsers set cookies with a short delay.
  await expect.poll(() => cookieOf(page)).toBe(theme.toLowerCase())
  await page.keyboard.press('Escape')
}

test('a theme chosen in the person’s menu applies at once and on later pages, and can be reset', async ({
  as,
  stack,
}) => {
  const page = await as('theo')
  await page.emulateMedia({ colorScheme: 'light' })
  await page.goto(`${stack.webUrl}/profile`)
  expect(await ground(page)).toBe(canvas.light)
  await choose(page, 'Dark')
  expect(await ground(page)).toBe(canvas.dark)
  await page.getByRole('link', { name: 'Requests' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Requests' })).toBeVisible()
  expect(await ground(page)).toBe(canvas.dark)
  await page.reload()
  expect(await ground(page)).toBe(canvas.dark)
  await page.emulateMedia({ colorScheme: 'dark' })
  await choose(page, 'Light')
  await page.goto(`${stack.webUrl}/sign-in`)
  expect(await ground(page)).toBe(canvas.light)
  await page.goto(`${stack.webUrl}/profile`)
  await choose(page, 'System')
  expect(await ground(page)).toBe(canvas.dark)
  await page.emulateMedia({ colorScheme: 'light' })
  await page.reload()
  expect(await ground(page)).toBe(canvas.light)
})

test('the first paint has the chosen theme, without any script', async ({ browser, stack }) => {
  const context = await browser.newContext({ javaScriptEnabled: false, colorScheme: 'light' })
  await context.addCookies([{ name: 'spaceport-theme', value: 'dark', url: stack.webUrl }])
  const page = await context.newPage()
  await page.goto(`${stack.webUrl}/sign-in`)
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  await expect(page.locator('body')).toHaveCSS('background-color', canvas.dark)
  await page.emulateMedia({ media: 'print' })
  await expect(page.locator('body'), 'paper is light').toHaveCSS('background-color', canvas.light)
  await context.close()
})

test('a cookie with an invalid theme is ignored, and its value is not in the page', async ({ nobody, stack }) => {
  const answer = await nobody.request.get(`${stack.webUrl}/sign-in`, {
    headers: { cookie: 'spaceport-theme=%22%3E%3Cscript%3Ealert(1)%3C/script%3E' },
  })
  expect(answer.status()).toBe(200)
  const page = await answer.text()
  expect(page).toMatch(/<html lang="en"/)
  expect(page).not.toMatch(/<html[^>]*data-theme/)
  expect(page).not.toContain('alert(1)')
})
