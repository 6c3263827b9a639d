import type { Tx } from './client.ts'
import type { Pool } from './pool.ts'

export type AuditTable = { columns: readonly string[]; types: readonly string[] }

const statementFor = ({ columns, types }: AuditTable): string =>
  `INSERT INTO audit_event (${columns.join(', ')}) SELECT * FROM unnest(${types.map((type, i) => `$${i + 1}::${type}[]`).join(', ')}) ON CONFLICT DO NOTHING`

/**
 * Adds rows to the trail in one statement: all of them or none. A row that already exists, by its id or as the outcome
 * of the same intent, is left as it is: an earlier attempt whose answer was lost wrote it.
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

/** Adds many rows inside a transaction in one statement: they are committed together with the changes that they describe. */
export async function insertAuditEventsInTx(
  tx: Tx,
  { columns, types }: AuditTable,
  rows: readonly (string | Date | null)[][],
): Promise<void> {
  // A jsonb column would take a text for a JSON string.
  const described = columns.map((column, i) => `${column} ${types[i] === 'jsonb' ? 'text' : types[i]}`).join(', ')
  const read = columns.map((column, i) => `${column}::${types[i]}`).join(', ')
  const given = rows.map((row) => Object.fromEntries(columns.map((column, i) => [column, row[i] ?? null])))
  await tx.$executeRawUnsafe(
    `INSERT INTO audit_event (${columns.join(', ')}) SELECT ${read} FROM jsonb_to_recordset($1::jsonb) AS r(${described})`,
    JSON.stringify(given),
  )
}

/**
 * Adds one row inside a transaction: it is committed together with the change that it describes, or neither is.
 * @returns the transaction's number, to look up its fate later
 */
export async function insertAuditEventInTx(
  tx: Tx,
  { columns, types }: AuditTable,
  row: readonly (string | Date | null)[],
): Promise<string> {
  const places = types.map((type, i) => `$${i + 1}::${type}`).join(', ')
  const [written] = await tx.$queryRawUnsafe<{ transaction: string }[]>(
    `/* kept plan: insert-audit-event */ INSERT INTO audit_event (${columns.join(', ')}) VALUES (${places}) RETURNING pg_current_xact_id()::text AS transaction`,
    ...row,
  )
  return written?.transaction ?? ''
}
