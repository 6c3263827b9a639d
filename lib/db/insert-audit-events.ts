import type { Tx } from './client.ts'
import type { Pool } from './pool.ts'

export type AuditTable = { columns: readonly string[]; types: readonly string[] }

const statementFor = ({ columns, types }: AuditTable): string =>
  `INSERT INTO audit_event (${columns.join(', ')}) SELECT * FROM unnest(${types.map((type, i) => `$${i + 1}::${type}[]`).join(', ')})`

/**
 * Adds rows to the trail by one statement; all of them or none.
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

/** Adds one row inside of a transaction: it stands with what it speaks of, or neither does. */
export async function insertAuditEventInTx(
  tx: Tx,
  { columns, types }: AuditTable,
  row: readonly (string | Date | null)[],
): Promise<void> {
  const places = types.map((type, i) => `$${i + 1}::${type}`).join(', ')
  await tx.$executeRawUnsafe(`INSERT INTO audit_event (${columns.join(', ')}) VALUES (${places})`, ...row)
}
