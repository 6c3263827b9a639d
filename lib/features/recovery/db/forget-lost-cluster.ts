import type { Db, Tx } from '#lib/kernel/db/client.ts'
import { living } from '#lib/kernel/db/spaces/effective-sql.ts'

/** An active space that had a namespace on a cluster. */
export type PlacedSpace = { id: string; name: string; namespace: string; namespaceUid: string }

/** @returns the active spaces of a cluster that had a namespace there, by name */
export const selectPlacedSpaces = (db: Db, cluster: string): Promise<PlacedSpace[]> =>
  db.$queryRaw<PlacedSpace[]>`
    SELECT s.id, s.name, s.namespace, s.namespace_uid AS "namespaceUid" FROM space s JOIN cluster c ON c.id = s.cluster_id
    WHERE c.name = ${cluster} AND ${living} AND s.namespace_uid IS NOT NULL ORDER BY s.name`

/**
 * Clears the observed state of spaces on a lost cluster and queues their reconciles, which recreate the namespaces.
 * Each gets a new `creation`: members could read the former one on the old namespace, and a namespace with a copy of it
 * would be taken for Spaceport's. The gateway serves a space only when it is ready again. Skips spaces whose namespace
 * has changed since.
 * @param lost the spaces, with their former namespace and a new `creation`
 * @returns the number of spaces
 */
export async function forgetLostCluster(
  tx: Tx,
  cluster: string,
  lost: readonly { id: string; namespaceUid: string; creation: string }[],
): Promise<number> {
  // What was proved about the old cluster's admission policies doesn't apply to the new one.
  await tx.$executeRaw`UPDATE cluster SET fences_proved_at = NULL WHERE name = ${cluster}`
  const rows = await tx.$queryRaw<{ count: number }[]>`
    WITH lost AS (SELECT * FROM jsonb_to_recordset(${JSON.stringify(lost)}::jsonb) AS l(id uuid, "namespaceUid" text, creation text)),
    held AS (
      SELECT s.id, l.creation FROM space s JOIN lost l ON l.id = s.id AND l."namespaceUid" = s.namespace_uid
      WHERE ${living} ORDER BY s.id FOR NO KEY UPDATE OF s),
    touched AS (
      UPDATE space s SET namespace_uid = NULL, creation = held.creation, generation = generation + 1, steps = '[]',
        status = 'creating', first_ready_at = NULL, failure_code = NULL, failure_message = NULL, failing_since = NULL
      FROM held WHERE s.id = held.id RETURNING s.id),
    queued AS MATERIALIZED (SELECT enqueue_reconcile(id, 0) FROM touched)
    SELECT count(*)::int AS count FROM queued`
  return rows[0]?.count ?? 0
}
