import type { Tx } from '#lib/db/client.ts'
import { insertAuditEventInTx } from '#lib/db/insert-audit-events.ts'
import { isDatabaseUnavailable } from '#lib/domain/database-failure.ts'
import { AppError } from '#lib/domain/errors.ts'
import type { AuditEventInput } from './audit-event.ts'
import { auditColumns, auditTypes, auditValues } from './audit-row.ts'

/**
 * Adds an event to the trail within the transaction that does what it records: both are durable, or neither.
 * @returns the transaction's number, by which its fate can be queried
 * @throws AppError trail_unavailable when it can't be written
 */
export async function writeEventInTx(tx: Tx, event: AuditEventInput): Promise<string> {
  try {
    return await insertAuditEventInTx(tx, { columns: auditColumns, types: auditTypes }, auditValues(event))
  } catch (cause) {
    // A database that doesn't answer at all is reported as such, wherever that is first noticed.
    throw isDatabaseUnavailable(cause) ? cause : new AppError('trail_unavailable', { cause })
  }
}
