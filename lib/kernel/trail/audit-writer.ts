import { insertAuditEvents } from '#lib/kernel/db/audit/insert-audit-events.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import { isDatabaseUnavailable } from '#lib/kernel/model/database-failure.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import type { AuditEventInput } from './audit-event.ts'
import { auditColumns, auditTypes, auditValues } from './audit-row.ts'
import { persistOutcomes } from './persist-outcomes.ts'

export type AuditWriter = {
  /**
   * Resolves once the event is durable. @throws AppError trail_unavailable if it isn't: then don't do what it records
   */
  append(event: AuditEventInput): Promise<void>
  /** Writes an outcome, with retries; resolves once it is durable, or after a bounded wait (persist-outcomes.ts). */
  writeOutcome(event: AuditEventInput): Promise<void>
  queued(): number
  /** Writes the waiting events, then refuses new ones. */
  close(): Promise<void>
}

type Options = { maxQueue: number; onLost?: (error: unknown, event: AuditEventInput) => void }
type Waiting = { row: (string | Date | null)[]; resolve: () => void; reject: (error: unknown) => void }

const table = { columns: auditColumns, types: auditTypes }
const maxPerStatement = 500

/**
 * Writes the trail in groups: while one statement runs, new events gather for the next.
 * @param options.onLost called with an outcome that could not be written for ten minutes
 * @param options.maxQueue more waiting events are refused, so that an unresponsive database can't fill the memory
 */
export function createAuditWriter(pool: Pool, { maxQueue, onLost = () => {} }: Options): AuditWriter {
  let waiting: Waiting[] = []
  let writing: Promise<void> | undefined
  let closed = false

  async function drain(): Promise<void> {
    while (waiting.length > 0) {
      const group = waiting.slice(0, maxPerStatement)
      waiting = waiting.slice(maxPerStatement)
      try {
        await insertAuditEvents(
          pool,
          table,
          group.map(({ row }) => row),
        )
        for (const { resolve } of group) resolve()
      } catch (cause) {
        if (group.length > 1 && !isDatabaseUnavailable(cause)) await writeOneByOne(group)
        else for (const { reject } of group) reject(new AppError('trail_unavailable', { cause }))
      }
    }
    writing = undefined
  }

  /** An event that the database refuses must not affect the others. */
  async function writeOneByOne(group: readonly Waiting[]): Promise<void> {
    for (const { row, resolve, reject } of group)
      await insertAuditEvents(pool, table, [row]).then(resolve, (cause: unknown) =>
        reject(new AppError('trail_unavailable', { cause })),
      )
  }

  function append(event: AuditEventInput): Promise<void> {
    if (closed || waiting.length >= maxQueue)
      return Promise.reject(new AppError('trail_unavailable', { detail: closed ? 'closed' : 'queue full' }))
    return new Promise((resolve, reject) => {
      waiting.push({ row: auditValues(event), resolve, reject })
      writing ??= drain()
    })
  }
  const outcomes = persistOutcomes(append, onLost)

  return {
    append,
    writeOutcome: outcomes.writeOutcome,
    queued: () => waiting.length,
    async close() {
      await outcomes.close()
      closed = true
      await writing
    },
  }
}
