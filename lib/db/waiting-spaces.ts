import { clusterAway } from '#lib/domain/retry-delay.ts'
import { type Db, Prisma } from './client.ts'
import { existing } from './effective-sql.ts'

/** Spaces whose last reconcile failed because their cluster was unreachable or in trouble. */
const waitingSql = (cluster: string) => Prisma.sql`
  FROM space s JOIN cluster c ON c.id = s.cluster_id
  WHERE c.name = ${cluster} AND ${existing} AND s.failure_code IN (${Prisma.join([...clusterAway])})`

/** @returns whether any space waits for a cluster to recover */
export async function isAwaited(db: Db, cluster: string): Promise<boolean> {
  const rows = await db.$queryRaw<{ awaited: boolean }[]>`SELECT EXISTS (SELECT ${waitingSql(cluster)}) AS awaited`
  return rows[0]?.awaited === true
}

/** Queues every space that waits for a cluster to recover, without delay. @returns how many */
export async function enqueueWaiting(db: Db, cluster: string): Promise<number> {
  return db.$executeRaw`SELECT enqueue_reconcile(s.id, 0) ${waitingSql(cluster)}`
}
