import { Prisma } from '#lib/kernel/db/client.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import { runSql } from '#lib/kernel/db/run-sql.ts'
import { living } from '#lib/kernel/db/spaces/effective-sql.ts'
import { standingSql } from '#lib/kernel/db/spaces/find-space.ts'

export type OutcomeRecord = {
  /** State of the role or space that the approval created. */
  state: 'scheduled' | 'current' | 'ended'
  /** When that role or space ended. */
  endedAt: Date | null
  spaceIsLiving: boolean
  /** The role ended because its space did, and not earlier. */
  endedWithSpace: boolean
  /** The viewer owns the space or has a role in it. */
  isMember: boolean
  /** When the approved change was first on the cluster. */
  tookEffectAt: Date | null
  /** The cluster matches the desired state now. */
  isSettled: boolean
  failureMessage: string | null
  /** Set while there is an error message. */
  failingSince: Date | null
  steps: unknown
}

/**
 * @param viewerId the person viewing the request
 * @returns what an approved request created, as of an instant; null if it was not found
 */
export async function findOutcome(
  pool: Pool,
  requestId: string,
  viewerId: string,
  at: Date,
): Promise<OutcomeRecord | null> {
  const [row] = await runSql<OutcomeRecord>(
    pool,
    Prisma.sql`
    SELECT CASE
        WHEN NOT ${living} OR (r.kind = 'role' AND (g.id IS NULL OR g.removed_at IS NOT NULL OR g.ends_at <= ${at})) THEN 'ended'
        WHEN g.starts_at > ${at} THEN 'scheduled' ELSE 'current' END AS state,
      least(g.removed_at, CASE WHEN g.ends_at <= ${at} THEN g.ends_at END, s.delete_requested_at) AS "endedAt",
      ${living} AS "spaceIsLiving",
      NOT ${living} AND (r.kind <> 'role' OR coalesce(least(g.removed_at, g.ends_at) >= s.delete_requested_at, g.id IS NOT NULL))
        AS "endedWithSpace", ${standingSql(viewerId, at)} IS NOT NULL AS "isMember",
      r.took_effect_at AS "tookEffectAt", s.status = 'ready' AND s.observed_generation >= s.generation AS "isSettled",
      s.failure_message AS "failureMessage", s.failing_since AS "failingSince", s.steps
    FROM request r
      JOIN space s ON s.id = r.space_id
        OR (r.kind = 'space' AND s.cluster_id = r.cluster_id AND s.name = r.payload->>'name' AND s.request_id = r.id)
      LEFT JOIN space_grant g ON g.space_id = r.space_id AND g.user_id = r.requester_id AND g.request_id = r.id
    WHERE r.id = ${requestId}::uuid LIMIT 1`,
  )
  return row ?? null
}
