import type { Db, Tx } from '#lib/kernel/db/client.ts'
import { living } from '#lib/kernel/db/spaces/effective-sql.ts'

/** A living space that had its namespace on a cluster. */
export type PlacedSpace = { id: string; name: string; namespace: string; namespaceUid: string }

/** @returns the living spaces of a cluster that had a namespace there, by name */
export const selectPlacedSpaces = (db: Db, cluster: string): Promise<PlacedSpace[]> =>
  db.$queryRaw<PlacedSpace[]>`
    SELECT s.id, s.name, s.namespace, s.namespace_uid AS "namespaceUid" FROM space s JOIN cluster c ON c.id = s.cluster_id
    WHERE c.name = ${cluster} AND ${living} AND s.namespace_uid IS NOT NULL ORDER BY s.name`

/**
 * Forgets what was observed of spaces on a cluster that is lost, and queues their reconciles, which make their namespaces
 * anew. Each gets another `creation`: the former one stood on the old namespace for its members to read, and whoever
 * copied it onto a namespace of theirs would be taken for us. The gateway serves none before it is ready again. A space whose namespace has changed since stays as it is.
 * @param lost each with the namespace that it had, and a new `creation`
 * @returns how many spaces
 */
export async function forgetLostCluster(
  tx: Tx,
  cluster: string,
  lost: readonly { id: string; namespaceUid: string; creation: string }[],
): Promise<number> {
  // What was proved of the old cluster's fences says nothing about the new one's.
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
