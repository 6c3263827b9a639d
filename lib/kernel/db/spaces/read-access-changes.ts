import type { Pool } from '#lib/kernel/db/pool.ts'

/** How long changes are kept. A gateway that hasn't asked for that long must read everything again. */
export const accessChangesKeptMs = 10 * 60_000

/**
 * Reads the access changes committed since an earlier call, in whatever order transactions commit: a row is new if its
 * transaction was invisible to the earlier snapshot and is visible now
 * (https://www.postgresql.org/docs/current/functions-info.html#FUNCTIONS-INFO-SNAPSHOT).
 * @param since the snapshot of the earlier call; null: return only a snapshot
 * @returns `subjects` as in notifications of the channel spaceport_access, and the snapshot for the next call
 * @throws what pg throws; also for a snapshot from another history of the database (after a restore or failover)
 */
export async function readAccessChanges(
  pool: Pool,
  since: string | null,
): Promise<{ snapshot: string; subjects: string[] }> {
  const { rows } = await pool.query<{ snapshot: string; subjects: string[] }>({
    name: 'read-access-changes',
    text: `
      SELECT pg_current_snapshot()::text AS snapshot, COALESCE((
        SELECT array_agg(DISTINCT subject) FROM access_change
        WHERE transaction >= pg_snapshot_xmin($1::pg_snapshot) AND NOT pg_visible_in_snapshot(transaction, $1::pg_snapshot)
      ), '{}') AS subjects`,
    values: [since],
  })
  const [row] = rows
  if (!row) throw new Error('no snapshot was returned')
  return row
}
