import { setTimeout as sleep } from 'node:timers/promises'
import type { Page } from '@playwright/test'
import { promptMs } from './compare-actions.ts'

/**
 * Sends an action and waits until the page shows that it is done. That isn’t an answer: a process killed after its
 * commit gives none, and the page learns of the change from another one.
 * @param send throws if the page doesn’t show it
 * @returns whether the action’s own answer came in time
 */
export async function sendPromptly(page: Page, send: () => Promise<void>): Promise<boolean> {
  const answered = page
    .waitForResponse((response) => 'next-action' in response.request().headers() && response.ok(), {
      timeout: promptMs,
    })
    .then(async (response) => (await response.finished()) === null)
    // Late, or the browser is closed first.
    .catch(() => false)
  await send()
  // A broken answer doesn’t always end.
  return Promise.race([answered, sleep(promptMs, false, { ref: false })])
}
