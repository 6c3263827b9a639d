import { setTimeout as delay } from 'node:timers/promises'
import type { SystemContext } from '#lib/kernel/use-case/context.ts'
import { traced } from '#lib/observability/tracing.ts'

export type RepeatedTask = { name: string; everyMs: number; firstMs: number }

const maxRetryMs = 60_000
/** How long repeated failures are not logged, at first and at most. */
const silence = { firstMs: 1_000, maxMs: 600_000 }

/**
 * Runs a task until the signal is aborted, each time after the previous run has ended. A failed run is retried after at
 * most a minute; repeated failures are logged ever less often.
 * @param about fields for the log
 * @returns after the run that is active when the signal is aborted
 */
export async function repeat(
  { log }: Pick<SystemContext, 'log'>,
  { name, everyMs, firstMs }: RepeatedTask,
  run: () => Promise<unknown>,
  { signal, about }: { signal: AbortSignal; about: object },
): Promise<void> {
  const pause = (ms: number) => delay(ms, undefined, { signal }).catch(() => undefined)
  let failures = 0
  let silentMs = 0
  let sayAt = 0
  await pause(firstMs)
  while (!signal.aborted) {
    let nextMs = everyMs
    await traced(name, {}, run).then(
      () => {
        failures = 0
        silentMs = 0
        sayAt = 0
      },
      (error: unknown) => {
        nextMs = Math.min(everyMs, maxRetryMs)
        failures++
        if (performance.now() < sayAt) return
        silentMs = Math.min(silence.maxMs, silentMs === 0 ? silence.firstMs : 2 * silentMs)
        sayAt = performance.now() + silentMs
        log.warn({ error, schedule: name, failures, ...about }, 'a schedule failed and will be retried')
      },
    )
    await pause(nextMs)
  }
}
