import { setTimeout as delay } from 'node:timers/promises'
import type { SystemContext } from '#lib/broker/use-case/context.ts'

export type Repeated = { name: string; everyMs: number; firstMs: number }

/**
 * Runs something until the signal is aborted, each time after the last run has ended. A failure is logged, and the next
 * run tries again.
 * @param about what the log says about it
 */
export async function repeat(
  { log }: Pick<SystemContext, 'log'>,
  { name, everyMs, firstMs }: Repeated,
  run: () => Promise<unknown>,
  { signal, about, onFailure }: { signal: AbortSignal; about: object; onFailure?: (error: unknown) => void },
): Promise<void> {
  /** Returns early when the signal is aborted. */
  const pause = (ms: number) => delay(ms, undefined, { signal }).catch(() => undefined)
  await pause(firstMs)
  while (!signal.aborted) {
    await run().catch((error: unknown) => {
      log.warn({ error, schedule: name, ...about }, 'a schedule failed and will be retried')
      onFailure?.(error)
    })
    await pause(everyMs)
  }
}
