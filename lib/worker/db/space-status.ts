import type { Db } from '#lib/kernel/db/client.ts'
import { existing } from '#lib/kernel/db/spaces/effective-sql.ts'
import type { SpaceStatus } from '#lib/kernel/model/spaces/space-status.ts'

export async function findSpaceStatus(db: Db, spaceId: string): Promise<SpaceStatus | null> {
  const space = await db.space.findUnique({ where: { id: spaceId }, select: { status: true } })
  return space?.status ?? null
}

/**
 * Finds spaces that are not in their desired state and have no live job in the queue: the job gave up, the queue was
 * emptied, or its worker died and its lock lasts for hours. At worst, a job that runs longer than a minute meets a
 * second one at the space's own lock.
 * @returns their IDs; at most 100
 */
export async function selectUnsettled(db: Db): Promise<string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT s.id FROM space s
    WHERE (s.status IN ('creating', 'deleting', 'failed') OR s.observed_generation < s.generation) AND ${existing}
      AND NOT EXISTS (SELECT FROM graphile_worker.jobs j WHERE j.key = 'reconcile-space:' || s.id AND j.attempts < j.max_attempts
        AND (j.locked_at IS NULL OR j.locked_at > now() - interval '1 minute'))
    LIMIT 100`
  return rows.map(({ id }) => id)
}
