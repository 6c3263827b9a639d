import { setTimeout as sleep } from 'node:timers/promises'
import type { Page } from '@playwright/test'
import type { ChaosRecord } from './record.ts'

/** How long somebody keeps trying before it counts as lost, in milliseconds. */
const patienceMs = 120_000

/**
 * Does what a person would whose action failed: looks whether it was done all the same, and tries again.
 * @param act throws where there was no answer, or one that asks to try again
 * @param isDone looks, on a page that is loaded anew
 * @returns whether it is done; if not, that is a violation
 */
export async function insist(
  record: ChaosRecord,
  what: string,
  page: Page,
  { act, isDone }: { act: () => Promise<void>; isDone: () => Promise<boolean> },
): Promise<boolean> {
  const until = Date.now() + patienceMs
  let last = ''
  while (Date.now() < until) {
    const began = performance.now()
    try {
      await act()
      record.answer(performance.now() - began)
      return true
    } catch (error) {
      last = `${String(error).split('\n')[0]} (${await whereIs(page)})`
      record.fail(`${what}: ${last}`)
    }
    await sleep(300)
    if (await isDone().catch(() => false)) return true
  }
  record.violations.push(`${what}: not done after ${patienceMs / 1_000} s. ${last}`)
  return false
}

/** @returns where somebody is, and what the page says there */
async function whereIs(page: Page): Promise<string> {
  const text = await page
    .locator('main')
    .textContent({ timeout: 1_000 })
    .catch(() => 'no page')
  return `${new URL(page.url()).pathname}: ${(text ?? '').replace(/\s+/g, ' ').slice(0, 160)}`
}
