import { dayMs, hourMs } from '#lib/kernel/model/duration.ts'

const firstMs = 60_000

/** The result of a delivery attempt, by mail or webhook. `error` is for operators. */
export type SendResult = { sent: true } | { sent: false; error: string; permanent: boolean; afterMs?: number | null }

export type DeliveryState =
  | { state: 'sent' | 'skipped' }
  | { state: 'given_up'; error: string }
  | { state: 'waiting'; error: string; nextAttemptAt: Date }

/**
 * Schedules the next attempt: after a minute, then doubled up to an hour; later if the receiver asks for it, also up to
 * an hour.
 * @param attempts so far
 * @returns null: give up, a day after it was written
 */
export function nextAttempt(createdAt: Date, attempts: number, at: Date, afterMs = 0): Date | null {
  const waitMs = Math.min(hourMs, Math.max(afterMs, firstMs * 2 ** (attempts - 1)))
  const next = new Date(at.getTime() + waitMs)
  return next.getTime() - createdAt.getTime() > dayMs ? null : next
}

export function stateAfter(
  result: SendResult,
  { createdAt, attempts }: { createdAt: Date; attempts: number },
  at: Date,
): DeliveryState {
  if (result.sent) return { state: 'sent' }
  const { error, permanent, afterMs } = result
  const nextAttemptAt = permanent ? null : nextAttempt(createdAt, attempts, at, afterMs ?? 0)
  return nextAttemptAt === null ? { state: 'given_up', error } : { state: 'waiting', error, nextAttemptAt }
}
