import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Waits for a condition by asking again and again.
 * @param attempt resolves to true, or to undefined/false or throws while it does not hold yet
 * @throws Error naming what was waited for, with the last failure as its cause, after `timeout` milliseconds
 */
export async function waitUntil(
  what: string,
  attempt: () => Promise<boolean>,
  { timeout = 30_000, interval = 50, signal }: { timeout?: number; interval?: number; signal?: AbortSignal } = {},
): Promise<void> {
  const deadline = performance.now() + timeout
  let cause: unknown
  for (;;) {
    try {
      if (await attempt()) return
    } catch (error) {
      cause = error
    }
    signal?.throwIfAborted()
    if (performance.now() > deadline) {
      const reason = cause instanceof Error ? `: ${cause.message}` : ''
      throw new Error(`${what} did not happen within ${Math.round(timeout / 1000)} s${reason}`, { cause })
    }
    await sleep(interval, undefined, { ...(signal && { signal }) })
  }
}
