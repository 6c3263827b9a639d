import type { Pool } from '#lib/kernel/db/pool.ts'

/**
 * Counted rows of a cluster’s audit: the first one, as input of take_cluster_audit (prisma/migrations), with their
 * number.
 */
export type CountedRow = {
  minute: Date
  /** A hash (hex) of what the rows have in common. */
  key: string
  count: number
  row: Readonly<Record<string, string | null>>
}

/** Adds to the counts of a cluster; durable once it resolves. */
export async function noteCounted(pool: Pool, clusterId: string, counted: readonly CountedRow[]): Promise<void> {
  if (counted.length === 0) return
  await pool.query({
    name: 'note-counted',
    text: `INSERT INTO cluster_audit_counted AS c (cluster_id, minute, key, count, "row")
      SELECT $1, n.minute, n.key, n.count, n."row"
      FROM jsonb_to_recordset($2::jsonb) AS n (minute timestamptz, key text, count bigint, "row" jsonb) ORDER BY n.key
      ON CONFLICT (cluster_id, minute, key) DO UPDATE SET count = c.count + EXCLUDED.count`,
    values: [clusterId, JSON.stringify(counted)],
  })
}

export type CountedPlace = { clusterId: string; minute: Date; key: string }

/** @returns the keys of counts before a minute, oldest first */
export async function selectCounted(pool: Pool, before: Date, limit: number): Promise<CountedPlace[]> {
  const { rows } = await pool.query<CountedPlace>({
    name: 'select-counted',
    text: `SELECT cluster_id AS "clusterId", minute, key FROM cluster_audit_counted WHERE minute < $1
      ORDER BY minute, cluster_id, key LIMIT $2`,
    values: [before, limit],
  })
  return rows
}

/**
 * Moves a count to the trail as one row, in one transaction. Only one of several simultaneous workers succeeds.
 * @returns how many of the rows used the gateway’s identity outside the gateway
 */
export async function moveCounted(pool: Pool, { clusterId, minute, key }: CountedPlace): Promise<number> {
  const { rows } = await pool.query<{ unmatched: number }>({
    name: 'move-counted',
    text: `WITH gone AS (DELETE FROM cluster_audit_counted WHERE cluster_id = $1 AND minute = $2 AND key = $3 RETURNING cluster_id, count, "row")
      SELECT t.unmatched FROM gone g, take_cluster_audit(g.cluster_id, jsonb_build_array(g."row" || jsonb_build_object('detail',
        ((g."row" ->> 'detail')::jsonb || jsonb_build_object('repeated', g.count))::text))) t`,
    values: [clusterId, minute, key],
  })
  return rows[0]?.unmatched ?? 0
}

/**
 * Deletes a count with a row that the database refuses.
 * @returns the number of events in it
 */
export async function dropCounted(pool: Pool, { clusterId, minute, key }: CountedPlace): Promise<number> {
  const { rows } = await pool.query<{ count: number }>(
    'DELETE FROM cluster_audit_counted WHERE cluster_id = $1 AND minute = $2 AND key = $3 RETURNING count::float8 AS count',
    [clusterId, minute, key],
  )
  return rows[0]?.count ?? 0
}
