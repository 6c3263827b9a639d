/**
 * Writes rows that no request waits for and that anyone can cause in any number: refusals, reads. They must never fill
 * the memory or flood the trail, and one person must never crowd out another's. Each kind gets a fixed number of rows
 * per minute and then one with the count of the rest, and each party a fixed number of kinds.
 */
import { randomUUID } from 'node:crypto'
import type { AuditEventInput } from '#lib/kernel/trail/audit-event.ts'

const windowMs = 60_000
const maxParties = 10_000
const maxKindsOfParty = 200

export type RowKind = {
  /** A person, or all strangers. */
  party: string
  kind: string
  /** The kind to count as once the party has caused too many kinds: one of a few, whatever the client sends. */
  coarse: string
}

export type BoundedRows = {
  /** @param maxRows rows of that kind to write before the rest are only counted */
  add(event: AuditEventInput, kind: RowKind, maxRows: number): void
  has(party: string, kind: string): boolean
  close(): void
}

type Entry = { event: AuditEventInput; rows: number; repeated: number; until: number }

/**
 * @param write writes a row in the background
 * @param clock milliseconds since the epoch
 * @param onDropped called for a row that is neither written nor counted
 */
export function createBoundedRows(
  write: (event: AuditEventInput) => void,
  clock: () => number,
  onDropped: () => void,
): BoundedRows {
  const parties = new Map<string, Map<string, Entry>>()

  function flush(all: boolean): void {
    for (const [party, kinds] of parties) {
      for (const [kind, entry] of kinds) {
        if (!all && entry.until > clock()) continue
        kinds.delete(kind)
        if (entry.repeated === 0) continue
        const detail = { ...entry.event.detail, repeated: entry.repeated }
        write({ ...entry.event, id: randomUUID(), at: new Date(clock()), detail })
      }
      if (kinds.size === 0) parties.delete(party)
    }
  }
  const timer = setInterval(() => flush(false), 5_000)
  timer.unref()

  return {
    add(event, { party, kind, coarse }, maxRows) {
      const kinds = parties.get(party) ?? new Map<string, Entry>()
      if (!parties.has(party)) {
        if (parties.size >= maxParties) return onDropped()
        parties.set(party, kinds)
      }
      const counted = kinds.has(kind) || kinds.size < maxKindsOfParty ? kind : coarse
      const entry = kinds.get(counted)
      if (entry && entry.rows >= maxRows) {
        entry.repeated++
        entry.event = event
        return
      }
      if (!entry && kinds.size >= 2 * maxKindsOfParty) return onDropped()
      if (entry) entry.rows++
      else kinds.set(counted, { event, rows: 1, repeated: 0, until: clock() + windowMs })
      write(event)
    },
    has: (party, kind) => parties.get(party)?.has(kind) ?? false,
    close() {
      clearInterval(timer)
      flush(true)
    },
  }
}
