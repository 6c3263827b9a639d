import type { Locator, Page } from '@playwright/test'

/**
 * Runs in the page. An interaction lasts as long as the slowest of its events (https://web.dev/articles/inp); those
 * below 16 ms, a frame, aren't reported.
 */
const observe = `
  globalThis.slowestAnswerMs = 0
  new PerformanceObserver((list) => {
    for (const { interactionId, duration } of list.getEntries())
      if (interactionId > 0) slowestAnswerMs = Math.max(slowestAnswerMs, duration)
  }).observe({ type: 'event', durationThreshold: 16 })
`

/** As many buttons as a person might press on a visit. */
const maxButtons = 3

/**
 * Types into the first text field, presses buttons that send nothing, and opens the menu.
 * @returns the slowest time until the page showed the result, in milliseconds
 */
export async function pressAround(page: Page): Promise<number> {
  await page.evaluate(observe)
  const main = page.locator('main')
  const field = main.locator('input[type=text]:visible, input[type=search]:visible, textarea:visible').first()
  if (await isEnabled(field)) await field.pressSequentially('web')
  const buttons = main.locator('button[type=button]:visible, summary:visible')
  const count = Math.min(await buttons.count(), maxButtons)
  for (let at = 0; at < count; at++) {
    const button = buttons.nth(at)
    if (!(await isEnabled(button))) continue
    await button.click()
    await page.keyboard.press('Escape')
  }
  const menu = page.locator('header button[aria-haspopup=menu]:visible').first()
  if (await isEnabled(menu)) {
    await menu.click()
    await page.keyboard.press('Escape')
  }
  await page.waitForTimeout(100)
  return Number(await page.evaluate('slowestAnswerMs'))
}

const isEnabled = async (control: Locator): Promise<boolean> => (await control.count()) > 0 && control.isEnabled()
