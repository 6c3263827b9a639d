/**
 * Rows that nobody waits for, of which anybody can cause as many as they like: refusals, reads. Must never fill the memory
 * or flood the trail: of one kind so many rows at once, then one row with the count of the rest, per minute.
 */
import { randomUUID } from 'node:crypto'
import type { AuditEventInput } from '#lib/audit/audit-event.ts'

const windowMs = 60_000
const maxKinds = 10_000

export type BoundedRows = {
  /**
   * @param kind rows of one kind are counted together
   * @param maxRows of that kind, before they are only counted
   */
  add(event: AuditEventInput, kind: string, maxRows: number): void
  /** @returns whether rows of that kind are being counted */
  has(kind: string): boolean
  close(): void
}

/**
 * @param write writes a row beside everything else
 * @param clock milliseconds since the epoch
 * @param onDropped told of a row that is missing, also from every count
 */
export function createBoundedRows(
  write: (event: AuditEventInput) => void,
  clock: () => number,
  onDropped: () => void,
): BoundedRows {
  const kinds = new Map<string, { event: AuditEventInput; rows: number; repeated: number; until: number }>()

  function flush(all: boolean): void {
    for (const [kind, entry] of kinds) {
      if (!all && entry.until > clock()) continue
      kinds.delete(kind)
      if (entry.repeated === 0) continue
      const detail = { ...entry.event.detail, repeated: entry.repeated }
      write({ ...entry.event, id: randomUUID(), at: new Date(clock()), detail })
    }
  }
  const timer = setInterval(() => flush(false), 5_000)
  timer.unref()

  return {
    add(event, kind, maxRows) {
      const entry = kinds.get(kind)
      if (entry && entry.rows >= maxRows) {
        entry.repeated++
        entry.event = event
        return
      }
      if (!entry && kinds.size >= maxKinds) return onDropped()
      if (entry) entry.rows++
      else kinds.set(kind, { event, rows: 1, repeated: 0, until: clock() + windowMs })
      write(event)
    },
    has: (kind) => kinds.has(kind),
    close() {
      clearInterval(timer)
      flush(true)
    },
  }
}
