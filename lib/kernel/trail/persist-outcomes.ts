import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { withDeadline } from '#lib/time/with-deadline.ts'
import type { AuditEventInput } from './audit-event.ts'

/** How long a caller waits for an outcome to be durable; then they get their answer, and the writing continues. */
const maxWaitMs = 5_000
const maxRetryMs = 10 * 60_000
const maxLate = 1_000
const firstPauseMs = 50
const maxPauseMs = 5_000

type Append = (event: AuditEventInput) => Promise<void>
type OnLost = (error: unknown, event: AuditEventInput) => void

/**
 * Writes outcomes, again and again until they are durable: what happened can't be undone because the trail is away.
 * A row whose answer was lost is the same row at the next try.
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
     * Resolves once the event is durable, or after a bounded wait. For an outcome without an intent it waits for the
     * first try only: nothing was done, and the caller learns that at once.
     */
    async writeOutcome(event: AuditEventInput): Promise<void> {
      const failed = Promise.withResolvers<void>()
      const onFailure = event.intentId === undefined ? failed.resolve : () => {}
      const written = persist({ ...event, id: event.id ?? randomUUID() }, onFailure)
      late.add(written)
      void written.finally(() => late.delete(written))
      await withDeadline(Promise.race([written, failed.promise]), maxWaitMs, () => undefined)
    },
    /** Waits for pending outcomes, for a bounded time. */
    async close(): Promise<void> {
      await withDeadline(Promise.all(late), maxWaitMs, () => undefined)
    },
  }
}
