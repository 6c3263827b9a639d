import { insertAuditEventInTx, insertAuditEventsInTx } from '#lib/kernel/db/audit/insert-audit-events.ts'
import type { Tx } from '#lib/kernel/db/client.ts'
import { isDatabaseUnavailable } from '#lib/kernel/model/database-failure.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import type { AuditEventInput } from './audit-event.ts'
import { auditColumns, auditTypes, auditValues } from './audit-row.ts'

/**
 * Adds an event to the trail in the transaction of its change: both are durable, or neither.
 * @returns the transaction's number, to look up its outcome
 * @throws AppError trail_unavailable when it can't be written
 */
export async function writeEventInTx(tx: Tx, event: AuditEventInput): Promise<string> {
  return insertAuditEventInTx(tx, table, auditValues(event)).catch(unavailable)
}

/** Like writeEventInTx, for many events at once. @throws AppError trail_unavailable */
export async function writeEventsInTx(tx: Tx, events: readonly AuditEventInput[]): Promise<void> {
  if (events.length > 0) await insertAuditEventsInTx(tx, table, events.map(auditValues)).catch(unavailable)
}

const table = { columns: auditColumns, types: auditTypes }

/** An unavailable database is reported as such, wherever it is noticed first. */
function unavailable(cause: unknown): never {
  throw isDatabaseUnavailable(cause) ? cause : new AppError('trail_unavailable', { cause })
}
