import type { Tx } from './client.ts'
import type { Pool } from './pool.ts'

export type AuditTable = { columns: readonly string[]; types: readonly string[] }

const statementFor = ({ columns, types }: AuditTable): string =>
  `INSERT INTO audit_event (${columns.join(', ')}) SELECT * FROM unnest(${types.map((type, i) => `$${i + 1}::${type}[]`).join(', ')}) ON CONFLICT DO NOTHING`

/**
 * Adds rows to the trail by one statement; all of them or none. A row that is there already, by its id or as the outcome
 * of the same intent, stays as it is: it was written by a try whose answer was lost.
 * @param rows values in the order of the table's columns
 */
export async function insertAuditEvents(
  pool: Pool,
  table: AuditTable,
  rows: readonly (string | Date | null)[][],
): Promise<void> {
  await pool.query({
    name: 'insert-audit-events',
    text: statementFor(table),
    values: table.columns.map((_, i) => rows.map((row) => row[i] ?? null)),
  })
}

/**
 * Adds one row inside of a transaction: it stands with what it speaks of, or neither does.
 * @returns the transaction's number, by which its fate can be asked for
 */
export async function insertAuditEventInTx(
  tx: Tx,
  { columns, types }: AuditTable,
  row: readonly (string | Date | null)[],
): Promise<string> {
  const places = types.map((type, i) => `$${i + 1}::${type}`).join(', ')
  const [written] = await tx.$queryRawUnsafe<{ transaction: string }[]>(
    `INSERT INTO audit_event (${columns.join(', ')}) VALUES (${places}) RETURNING pg_current_xact_id()::text AS transaction`,
    ...row,
  )
  return written?.transaction ?? ''
}
