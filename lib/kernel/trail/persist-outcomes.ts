import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { withDeadline } from '#lib/time/with-deadline.ts'
import type { AuditEventInput } from './audit-event.ts'

/** How long a caller waits for a durable outcome before the writing continues in the background. */
const maxWaitMs = 5_000
const maxRetryMs = 10 * 60_000
const maxLate = 1_000
const firstPauseMs = 50
const maxPauseMs = 5_000

type Append = (event: AuditEventInput) => Promise<void>
type OnLost = (error: unknown, event: AuditEventInput) => void

/**
 * Writes outcomes with retries until they are durable, because the action has happened. Retries write the same row, so
 * a lost answer does no harm.
 * @param onLost called with an outcome that is given up
 */
export function persistOutcomes(append: Append, onLost: OnLost) {
  const late = new Set<Promise<void>>()

  async function persist(event: AuditEventInput, onFailure: () => void): Promise<void> {
    const giveUp = performance.now() + maxRetryMs
    for (let pause = firstPauseMs; ; pause = Math.min(pause * 2, maxPauseMs)) {
      try {
        return await append(event)
      } catch (error) {
        onFailure()
        if (performance.now() >= giveUp || late.size > maxLate) return onLost(error, event)
      }
      await delay(pause, undefined, { ref: false })
    }
  }

  return {
    /**
     * Resolves once the event is durable, or after a bounded wait. Without an intent it waits for the first try only,
     * since nothing was done.
     */
    async writeOutcome(event: AuditEventInput): Promise<void> {
      const failed = Promise.withResolvers<void>()
      const onFailure = event.intentId === undefined ? failed.resolve : () => {}
      const written = persist({ ...event, id: event.id ?? randomUUID() }, onFailure)
      late.add(written)
      void written.finally(() => late.delete(written))
      await withDeadline(Promise.race([written, failed.promise]), maxWaitMs, () => undefined)
    },
    async close(): Promise<void> {
      await withDeadline(Promise.all(late), maxWaitMs, () => undefined)
    },
  }
}
