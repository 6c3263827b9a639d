import type { Db } from '#lib/kernel/db/client.ts'
import type { Step } from '#lib/kernel/model/spaces/space-status.ts'
import { existing } from './effective-sql.ts'

/**
 * Records that the cluster matches the desired state up to a generation. If that is the latest, removes the job and
 * marks the space's approvals as effective. A space being deleted stays so.
 * @returns seconds from creation until ready; null unless this is the first time, on any cluster
 */
export async function saveReady(
  db: Db,
  spaceId: string,
  seen: { generation: number; namespaceUid: string; steps: readonly Step[]; at: Date },
): Promise<number | null> {
  // A change increments the generation before it queues the job, so it waits for this row or is seen here.
  const rows = await db.$queryRaw<{ seconds: number | null }[]>`/* kept plan: save-ready */
    WITH before AS (SELECT observed_generation FROM space WHERE id = ${spaceId}::uuid),
    saved AS (
      UPDATE space SET status = 'ready', observed_generation = ${seen.generation}, namespace_uid = ${seen.namespaceUid},
        steps = ${JSON.stringify(seen.steps)}::jsonb, failure_code = NULL, failure_message = NULL, reconciled_at = ${seen.at},
        first_ready_at = coalesce(first_ready_at, ${seen.at})
      WHERE id = ${spaceId}::uuid AND status IN ('creating', 'failed', 'ready')
      RETURNING id, generation, request_id, CASE
        WHEN first_ready_at = ${seen.at} AND (SELECT observed_generation FROM before) = 0
        THEN greatest(0, extract(epoch FROM first_ready_at - created_at))::float8 END AS seconds),
    settled AS (SELECT id, request_id FROM saved WHERE generation = ${seen.generation}),
    effective AS (
      UPDATE request r SET took_effect_at = ${seen.at} FROM settled
      WHERE (r.space_id = settled.id OR r.id = settled.request_id) AND r.state = 'approved' AND r.took_effect_at IS NULL
        AND NOT EXISTS (SELECT FROM space_grant g WHERE g.space_id = settled.id AND g.request_id = r.id AND g.starts_at > ${seen.at}))
    -- It is called because its answer is asked for.
    SELECT saved.seconds, forgotten.yes FROM saved
      LEFT JOIN (SELECT forget_reconcile(id) IS NULL AS yes FROM settled) forgotten ON true`
  return rows[0]?.seconds ?? null
}

/**
 * Records why a reconcile failed. A space in use stays ready: only the change failed.
 * @param namespaceUid the namespace if known, even a recreated one, for the next try or a delete
 */
export async function saveFailure(
  db: Db,
  spaceId: string,
  failure: {
    code: string
    message: string
    steps: readonly Step[]
    namespaceUid: string | null
    broken: boolean
    at: Date
  },
): Promise<void> {
  await db.$executeRaw`
    UPDATE space s SET failing_since = CASE WHEN failure_code IS NULL THEN ${failure.at} ELSE coalesce(failing_since, ${failure.at}) END,
      failure_code = ${failure.code}, failure_message = ${failure.message}, steps = ${JSON.stringify(failure.steps)}::jsonb,
      namespace_uid = coalesce(${failure.namespaceUid}, namespace_uid),
      status = CASE WHEN status = 'creating' OR (status = 'ready' AND ${failure.broken}) THEN 'failed'::space_status ELSE status END
    WHERE s.id = ${spaceId}::uuid AND ${existing}`
}

/** Records that a space's namespace is gone or never existed, which frees the name. */
export async function saveDeleted(db: Db, spaceId: string, steps: readonly Step[], at: Date): Promise<void> {
  await db.$executeRaw`
    UPDATE space SET status = 'deleted', deleted_at = ${at}, steps = ${JSON.stringify(steps)}::jsonb, failure_code = NULL, failure_message = NULL
    WHERE id = ${spaceId}::uuid AND status = 'deleting'`
}
