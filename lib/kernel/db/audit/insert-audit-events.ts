import { noteSession } from '#lib/kernel/db/busy-sessions.ts'
import type { Tx } from '#lib/kernel/db/client.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'

export type AuditTable = { columns: readonly string[]; types: readonly string[] }

const statementFor = ({ columns, types }: AuditTable, where = ''): string =>
  `INSERT INTO audit_event (${columns.join(', ')}) SELECT * FROM unnest(${types.map((type, i) => `$${i + 1}::${type}[]`).join(', ')}) AS given (${columns.join(', ')})${where} ON CONFLICT DO NOTHING`

/** Longer than the retries of an outcome (lib/kernel/trail/persist-outcomes.ts) and the skew between clocks. */
const turnMs = 30 * 60_000

const monthOf = (ms: number): string => new Date(ms).toISOString().slice(0, 7).replace('-', '')

/**
 * Ids and intents are unique per month, but a retry around the turn of a month may belong to the month before.
 * @returns that month as yyyymm; undefined: not around the turn of a month
 */
function monthBefore(now: Date): string | undefined {
  const before = monthOf(now.getTime() - turnMs)
  return before === monthOf(now.getTime() + turnMs) ? undefined : before
}

const notSince = (month: string) => `
  WHERE NOT EXISTS (SELECT FROM audit_event there WHERE there.id = given.id AND there.seq >= ${month}000000000000)
    AND NOT EXISTS (SELECT FROM audit_event there WHERE there.intent_id = given.intent_id AND there.seq >= ${month}000000000000)`

/**
 * Adds rows in one statement, all or none. Skips rows of an earlier attempt: the same id, or an outcome of the same
 * intent.
 * @param rows values in the order of the table's columns
 * @param now by the process's clock, to find earlier attempts around the turn of a month
 */
export async function insertAuditEvents(
  pool: Pool,
  table: AuditTable,
  rows: readonly (string | Date | null)[][],
  now = new Date(),
): Promise<void> {
  const before = monthBefore(now)
  await pool.query({
    name: before === undefined ? 'insert-audit-events' : `insert-audit-events-since-${before}`,
    text: statementFor(table, before === undefined ? '' : notSince(before)),
    values: table.columns.map((_, i) => rows.map((row) => row[i] ?? null)),
  })
}

/** Adds many rows in one statement, in the transaction of the changes that they describe. */
export async function insertAuditEventsInTx(
  tx: Tx,
  { columns, types }: AuditTable,
  rows: readonly (string | Date | null)[][],
): Promise<void> {
  // A jsonb column would read the text as a JSON string.
  const described = columns.map((column, i) => `${column} ${types[i] === 'jsonb' ? 'text' : types[i]}`).join(', ')
  const read = columns.map((column, i) => `${column}::${types[i]}`).join(', ')
  const given = rows.map((row) => Object.fromEntries(columns.map((column, i) => [column, row[i] ?? null])))
  await tx.$executeRawUnsafe(
    `INSERT INTO audit_event (${columns.join(', ')}) SELECT ${read} FROM jsonb_to_recordset($1::jsonb) AS r(${described})`,
    JSON.stringify(given),
  )
}

/**
 * Adds one row in the transaction of its change.
 * @returns the transaction's number, to look up its outcome
 */
export async function insertAuditEventInTx(
  tx: Tx,
  { columns, types }: AuditTable,
  row: readonly (string | Date | null)[],
): Promise<string> {
  const places = types.map((type, i) => `$${i + 1}::${type}`).join(', ')
  const [written] = await tx.$queryRawUnsafe<{ transaction: string; pid: number }[]>(
    `/* kept plan: insert-audit-event */ INSERT INTO audit_event (${columns.join(', ')}) VALUES (${places}) RETURNING pg_current_xact_id()::text AS transaction, pg_backend_pid() AS pid`,
    ...row,
  )
  if (written) noteSession(tx, written.pid)
  return written?.transaction ?? ''
}
