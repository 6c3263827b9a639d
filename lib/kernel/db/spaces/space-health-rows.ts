import type { Db } from '#lib/kernel/db/client.ts'
import type { StoredHealth } from '#lib/kernel/model/spaces/space-health.ts'

/** @returns the ready spaces among a cluster’s namespaces */
export async function selectReadySpaces(
  db: Db,
  cluster: string,
  namespaces: readonly string[],
): Promise<{ id: string; namespace: string }[]> {
  return db.$queryRaw<{ id: string; namespace: string }[]>`
    SELECT s.id, s.namespace FROM space s JOIN cluster c ON c.id = s.cluster_id
    WHERE c.name = ${cluster} AND s.namespace = ANY (${[...namespaces]}::text[])
      AND s.status = 'ready' AND s.namespace_uid IS NOT NULL`
}

/**
 * Writes what is wrong in a cluster’s spaces, by their ids.
 * @param unread the spaces whose last known health stays; any other has no problem
 */
export async function saveHealth(
  db: Db,
  cluster: string,
  { found, unread }: { found: ReadonlyMap<string, StoredHealth>; unread: readonly string[] },
): Promise<void> {
  const rows = [...found].map(([id, health]) => ({ id, ...health }))
  await db.$executeRaw`
    WITH found AS (
      SELECT s.id, r.state, r.workloads, r.problem
      FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r(id uuid, state text, workloads int, problem jsonb)
      JOIN space s ON s.id = r.id JOIN cluster c ON c.id = s.cluster_id AND c.name = ${cluster}
    ), gone AS (
      DELETE FROM space_health h USING space s JOIN cluster c ON c.id = s.cluster_id
      WHERE h.space_id = s.id AND c.name = ${cluster} AND NOT EXISTS (SELECT FROM found f WHERE f.id = h.space_id)
        AND h.space_id <> ALL (${[...unread]}::uuid[])
    )
    INSERT INTO space_health AS h (space_id, state, workloads, problem)
    SELECT id, state, workloads, problem FROM found
    ON CONFLICT (space_id) DO UPDATE SET state = EXCLUDED.state, workloads = EXCLUDED.workloads, problem = EXCLUDED.problem
      WHERE (h.state, h.workloads, h.problem) IS DISTINCT FROM (EXCLUDED.state, EXCLUDED.workloads, EXCLUDED.problem)`
}

/** Records that the health of a cluster’s spaces is known as of now, or that Spaceport may not read it. */
export async function noteHealthRead(db: Db, cluster: string, at: Date, refused: boolean): Promise<void> {
  await db.$executeRaw`
    INSERT INTO cluster_reading AS r (cluster_id, health_read_at, health_refused_at)
    SELECT id, CASE WHEN NOT ${refused}::boolean THEN ${at}::timestamptz END, CASE WHEN ${refused}::boolean THEN ${at}::timestamptz END
    FROM cluster WHERE name = ${cluster}
    ON CONFLICT (cluster_id) DO UPDATE SET health_read_at = coalesce(EXCLUDED.health_read_at, r.health_read_at),
      health_refused_at = CASE WHEN ${refused}::boolean THEN coalesce(r.health_refused_at, EXCLUDED.health_refused_at) END`
}
