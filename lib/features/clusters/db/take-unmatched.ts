import type { Tx } from '#lib/kernel/db/client.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'

/** The most rows that one alarm counts; the next alarm counts the rest. */
const maxCounted = 10_000

/** Rows of a cluster’s audit that show one of Spaceport’s identities used elsewhere, not yet notified. */
export type Unmatched = {
  clusterId: string
  cluster: string
  count: number
  /** The seq of the last row. */
  last: string
  first: { id: string; at: Date; from: string | null }
}

/**
 * @param before skips clusters with a notification after this
 * @returns what each other cluster reported since. The partial index keeps this fast however large the trail is
 */
export async function selectUnmatched(pool: Pool, before: Date): Promise<Unmatched[]> {
  const { rows } = await pool.query<Omit<Unmatched, 'first'> & { id: string; at: Date; from: string | null }>({
    name: 'select-unmatched',
    text: `SELECT i.cluster_id AS "clusterId", c.name AS cluster, f.id, f.at, f.source_address AS "from", n.count, n.last
      FROM cluster_audit_intake i JOIN cluster c ON c.id = i.cluster_id
      CROSS JOIN LATERAL (SELECT e.id, e.at, e.source_address, e.seq FROM audit_event e
        WHERE e.intent_id IS NULL AND e.action = 'cluster.unmatched' AND e.route IS NOT NULL
          AND e.destination = 'cluster/' || c.name AND e.seq > coalesce(i.alarmed_seq, 0)
        ORDER BY e.seq LIMIT 1) f
      CROSS JOIN LATERAL (SELECT count(*)::integer AS count, max(r.seq)::text AS last FROM (SELECT e.seq FROM audit_event e
        WHERE e.intent_id IS NULL AND e.action = 'cluster.unmatched' AND e.route IS NOT NULL
          AND e.destination = 'cluster/' || c.name AND e.seq >= f.seq
        ORDER BY e.seq LIMIT ${maxCounted}) r) n
      WHERE i.alarmed_at IS NULL OR i.alarmed_at <= $1
      ORDER BY c.name`,
    values: [before],
  })
  return rows.map(({ id, at, from, ...found }) => ({ ...found, first: { id, at, from } }))
}

/**
 * Marks a cluster’s rows as notified, in the transaction of the notification. A cluster’s rows are added one batch
 * after the other, so a later row has a larger seq.
 * @returns false if another worker was first
 */
export async function noteUnmatched(
  tx: Tx,
  { clusterId, last, at, before }: { clusterId: string; last: string; at: Date; before: Date },
): Promise<boolean> {
  const noted = await tx.$executeRaw`
    UPDATE cluster_audit_intake SET alarmed_seq = ${BigInt(last)}, alarmed_at = ${at}
    WHERE cluster_id = ${clusterId}::uuid AND (alarmed_at IS NULL OR alarmed_at <= ${before})
      AND coalesce(alarmed_seq, 0) < ${BigInt(last)}`
  return noted === 1
}
