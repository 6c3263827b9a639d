import { type Db, Prisma, type Tx } from '#lib/kernel/db/client.ts'
import { knownMemberSql } from '#lib/kernel/db/people/group-member-sql.ts'
import { bareIssuer } from '#lib/kernel/model/people/bare-issuer.ts'
import { living } from './effective-sql.ts'
import { reachableSql } from './reachable-sql.ts'

/** Use cases reconcile inline; the job only helps if the process dies, so it waits a little. */
const graceSeconds = 5

/** Queues a space's reconcile within another statement; replaces an existing job. */
export const reconcileJobSql = (spaceId: string, afterSeconds = graceSeconds) => Prisma.sql`
  enqueue_reconcile(${spaceId}::uuid, ${afterSeconds}::float8)`

/**
 * Queues a space's reconcile, once per space.
 * @param afterSeconds how long to wait; replaces an existing job
 */
export async function enqueueReconcile(tx: Db | Tx, spaceId: string, afterSeconds = graceSeconds): Promise<void> {
  await tx.$executeRaw`SELECT 1 FROM ${reconcileJobSql(spaceId, afterSeconds)}`
}

/**
 * Queues a space's reconcile after a failed one, unless it was queued since.
 * @param failures in a row; 0 when it only waits for something slow
 */
export async function enqueueRetry(
  db: Db,
  spaceId: string,
  { failures, afterSeconds }: { failures: number; afterSeconds: number },
): Promise<void> {
  await db.$executeRaw`SELECT 1 FROM retry_reconcile(${spaceId}::uuid, ${afterSeconds}::float8, ${failures}::int)`
}

export async function requestReconcile(tx: Tx, spaceId: string, afterSeconds = graceSeconds): Promise<void> {
  await tx.$executeRaw`UPDATE space SET generation = generation + 1 WHERE id = ${spaceId}::uuid`
  await enqueueReconcile(tx, spaceId, afterSeconds)
}

/**
 * Requests a reconcile of every living space in which one of the groups has a role. Locks rows in the order of ids to
 * avoid deadlocks.
 * @param issuer the provider of the groups
 */
export async function enqueueReconcileForGroups(tx: Tx, issuer: string, groups: readonly string[]): Promise<void> {
  if (groups.length === 0) return
  await tx.$executeRaw`
    WITH held AS (
      SELECT s.id FROM space s
      WHERE ${living} AND s.id IN (
        SELECT g.space_id FROM space_grant g WHERE g.removed_at IS NULL AND g.group_issuer = ${bareIssuer(issuer)} AND g."group" IN (${Prisma.join([...groups])}))
      ORDER BY s.id FOR NO KEY UPDATE),
    touched AS (UPDATE space s SET generation = generation + 1 FROM held WHERE s.id = held.id RETURNING s.id)
    SELECT enqueue_reconcile(id, 0) FROM touched`
}

/**
 * Requests a reconcile of every living space in which a group of one of the people has a role. Locks rows in the order
 * of ids to avoid deadlocks.
 */
export async function enqueueReconcileForMembers(tx: Tx, userIds: readonly string[]): Promise<void> {
  if (userIds.length === 0) return
  await tx.$executeRaw`
    WITH held AS (
      SELECT s.id FROM space s
      WHERE ${living} AND s.id IN (
        SELECT g.space_id FROM ${knownMemberSql} m JOIN space_grant g USING ("group", group_issuer)
        WHERE m.user_id = ANY (${userIds}::uuid[]) AND g.removed_at IS NULL)
      ORDER BY s.id FOR NO KEY UPDATE),
    touched AS (UPDATE space s SET generation = generation + 1 FROM held WHERE s.id = held.id RETURNING s.id)
    SELECT enqueue_reconcile(id, 0) FROM touched`
}

/**
 * Requests a reconcile of every living space in which a person has a standing at an instant, even through a suspended
 * group. Locks rows in the order of ids to avoid deadlocks.
 * @returns the spaces
 */
export async function enqueueReconcileForPerson(tx: Tx, userId: string, at: Date): Promise<string[]> {
  const spaces = await tx.$queryRaw<{ id: string }[]>`
    WITH held AS (
      SELECT s.id FROM space s WHERE ${living} AND s.id = ANY (${reachableSql(userId, at, true)}) ORDER BY s.id FOR NO KEY UPDATE),
    touched AS (UPDATE space s SET generation = generation + 1 FROM held WHERE s.id = held.id RETURNING s.id),
    queued AS MATERIALIZED (SELECT id, enqueue_reconcile(id, 0) FROM touched)
    SELECT id FROM queued`
  return spaces.map(({ id }) => id)
}

/** Requests a reconcile of spaces. Their rows must be locked. */
export async function enqueueReconcileForSpaces(tx: Tx, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  await tx.$executeRaw`
    WITH touched AS (
      UPDATE space s SET generation = generation + 1 WHERE s.id = ANY (${[...ids]}::uuid[]) AND ${living} RETURNING s.id)
    SELECT enqueue_reconcile(id, 0) FROM touched`
}

/**
 * Locks all living spaces that these people can reach, in the order of ids, so that processing one person after another
 * can't deadlock.
 */
export async function holdReachableSpaces(tx: Tx, userIds: readonly string[], at: Date): Promise<void> {
  if (userIds.length === 0) return
  const reached = userIds.map((userId) => Prisma.sql`s.id = ANY (${reachableSql(userId, at, true)})`)
  await tx.$executeRaw`
    SELECT s.id FROM space s WHERE ${living} AND (${Prisma.join(reached, ' OR ')}) ORDER BY s.id FOR NO KEY UPDATE`
}
