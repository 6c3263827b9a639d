import { setTimeout as delay } from 'node:timers/promises'
import type { SystemContext } from '#lib/broker/use-case/context.ts'

export type Repeated = { name: string; everyMs: number; firstMs: number }

/** The longest pause after a failure. */
const maxRetryMs = 60_000

/**
 * Runs something until the signal is aborted, each time after the last run has ended. A failure is logged, and the next
 * run tries again, after a minute at most.
 * @param about what the log says about it
 * @returns after the run that is under way when the signal is aborted
 */
export async function repeat(
  { log }: Pick<SystemContext, 'log'>,
  { name, everyMs, firstMs }: Repeated,
  run: () => Promise<unknown>,
  { signal, about }: { signal: AbortSignal; about: object },
): Promise<void> {
  /** Returns early when the signal is aborted. */
  const pause = (ms: number) => delay(ms, undefined, { signal }).catch(() => undefined)
  await pause(firstMs)
  while (!signal.aborted) {
    let nextMs = everyMs
    await run().catch((error: unknown) => {
      nextMs = Math.min(everyMs, maxRetryMs)
      log.warn({ error, schedule: name, ...about }, 'a schedule failed and will be retried')
    })
    await pause(nextMs)
  }
}
