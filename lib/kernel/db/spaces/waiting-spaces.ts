import { type Db, Prisma } from '#lib/kernel/db/client.ts'
import { clusterAway } from '#lib/kernel/model/retry-delay.ts'
import { existing } from './effective-sql.ts'

/** Spaces that failed to reconcile because their cluster was unreachable or failing. */
const waitingSql = (cluster: string) => Prisma.sql`
  FROM space s JOIN cluster c ON c.id = s.cluster_id
  WHERE c.name = ${cluster} AND ${existing} AND s.failure_code IN (${Prisma.join([...clusterAway])})`

/** @returns whether a space, or a check of a departed user, waits for a cluster to recover */
export async function isAwaited(db: Db, cluster: string): Promise<boolean> {
  const rows = await db.$queryRaw<{ awaited: boolean }[]>`
    SELECT EXISTS (SELECT ${waitingSql(cluster)}) OR EXISTS (SELECT ${waitingPartsSql(cluster)}) AS awaited`
  return rows[0]?.awaited === true
}

/** Checks of departed users (offboarding-parts.ts) that failed because the cluster was unavailable. */
const waitingPartsSql = (cluster: string) => Prisma.sql`
  FROM offboarding_cluster p JOIN cluster c ON c.id = p.cluster_id
  WHERE c.name = ${cluster} AND p.finished_at IS NULL AND p.failure_code IN (${Prisma.join([...clusterAway])})`

/** @returns how many checks are now due */
export async function resumeWaitingParts(db: Db, cluster: string, at: Date): Promise<number> {
  return db.$executeRaw`
    UPDATE offboarding_cluster w SET next_at = ${at}, failure_code = NULL
    FROM (SELECT p.offboarding_id, p.cluster_id ${waitingPartsSql(cluster)}) AS due
    WHERE w.offboarding_id = due.offboarding_id AND w.cluster_id = due.cluster_id`
}

/** @returns how many spaces were queued */
export async function enqueueWaiting(db: Db, cluster: string): Promise<number> {
  return db.$executeRaw`SELECT enqueue_reconcile(s.id, 0) ${waitingSql(cluster)}`
}
