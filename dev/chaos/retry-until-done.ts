import { setTimeout as sleep } from 'node:timers/promises'
import type { Page } from '@playwright/test'
import type { ChaosRecord } from './record.ts'

/** How long a person keeps trying before an action counts as lost, in milliseconds. */
const patienceMs = 120_000

/**
 * Does what a person does when an action fails: checks whether it was done anyway, and tries again.
 * @param act throws without an answer, or on an error that asks to try again
 * @param isDone checks on a reloaded page
 * @returns whether it is done; if not, that is a violation
 */
export async function retryUntilDone(
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

/** @returns the page's address and text */
async function whereIs(page: Page): Promise<string> {
  const text = await page
    .locator('main')
    .textContent({ timeout: 1_000 })
    .catch(() => 'no page')
  return `${new URL(page.url()).pathname}: ${(text ?? '').replace(/\s+/g, ' ').slice(0, 160)}`
}
