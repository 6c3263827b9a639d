import { type ContactFailure, maxLatencies } from '#lib/features/clusters/model/contact.ts'
import type { NodeSums } from '#lib/features/clusters/model/node-sums.ts'
import type { Db } from '#lib/kernel/db/client.ts'

/**
 * Records that a cluster answered.
 * @param latencies of the contacts since the last record, in milliseconds
 */
export async function noteContact(
  db: Db,
  cluster: string,
  { at, version, latencies }: { at: Date; version: string | null; latencies: readonly number[] },
): Promise<void> {
  await db.$executeRaw`
    INSERT INTO cluster_reading AS r (cluster_id, tried_at, answered_at, version, latencies)
    SELECT id, ${at}, ${at}, ${version}, ${[...latencies]}::real[] FROM cluster WHERE name = ${cluster}
    ON CONFLICT (cluster_id) DO UPDATE SET tried_at = EXCLUDED.tried_at, answered_at = EXCLUDED.answered_at,
      failing_since = NULL, failure = NULL, version = EXCLUDED.version,
      latencies = (r.latencies || EXCLUDED.latencies)[greatest(1, cardinality(r.latencies || EXCLUDED.latencies) - ${maxLatencies - 1}::int):]`
}

/** Records that a cluster did not answer, or answered with an error. */
export async function noteContactFailure(db: Db, cluster: string, failure: ContactFailure, at: Date): Promise<void> {
  await db.$executeRaw`
    INSERT INTO cluster_reading AS r (cluster_id, tried_at, failing_since, failure)
    SELECT id, ${at}, ${at}, ${failure} FROM cluster WHERE name = ${cluster}
    ON CONFLICT (cluster_id) DO UPDATE SET tried_at = EXCLUDED.tried_at,
      failing_since = coalesce(r.failing_since, EXCLUDED.failing_since), failure = EXCLUDED.failure`
}

/** Stores the nodes' totals, or that listing nodes is forbidden, in which case the last totals stay. */
export async function noteNodes(db: Db, cluster: string, nodes: NodeSums | 'refused', at: Date): Promise<void> {
  if (nodes === 'refused')
    await db.$executeRaw`
      INSERT INTO cluster_reading AS r (cluster_id, nodes_refused_at) SELECT id, ${at} FROM cluster WHERE name = ${cluster}
      ON CONFLICT (cluster_id) DO UPDATE SET nodes_refused_at = coalesce(r.nodes_refused_at, EXCLUDED.nodes_refused_at)`
  else
    await db.$executeRaw`
      INSERT INTO cluster_reading (cluster_id, nodes, nodes_read_at)
      SELECT id, ${JSON.stringify(nodes)}::jsonb, ${at} FROM cluster WHERE name = ${cluster}
      ON CONFLICT (cluster_id) DO UPDATE SET nodes = EXCLUDED.nodes, nodes_read_at = EXCLUDED.nodes_read_at, nodes_refused_at = NULL`
}

/**
 * Stores who may bypass a cluster’s fences.
 * @param shown the first of them
 */
export async function noteExempt(db: Db, cluster: string, shown: readonly string[], count: number): Promise<void> {
  await db.$executeRaw`
    INSERT INTO cluster_reading AS r (cluster_id, exempt, exempt_count)
    SELECT id, ${[...shown]}::text[], ${count}::int FROM cluster WHERE name = ${cluster}
    ON CONFLICT (cluster_id) DO UPDATE SET exempt = EXCLUDED.exempt, exempt_count = EXCLUDED.exempt_count
      WHERE (r.exempt, r.exempt_count) IS DISTINCT FROM (EXCLUDED.exempt, EXCLUDED.exempt_count)`
}
