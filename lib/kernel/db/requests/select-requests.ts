import { Prisma } from '#lib/kernel/db/client.ts'
import type { Deciding } from '#lib/kernel/db/people/decides-sql.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import { runSql } from '#lib/kernel/db/run-sql.ts'
import type { RequestsOverview } from '#lib/kernel/model/requests/request-view.ts'
import { type RequestRecord, requestSql } from './find-request.ts'
import { openSql, waitingCountSql, waitingSql } from './waiting-sql.ts'

/** A person, and the policy's rules. */
export type Decider = { userId: string; isPlatformAdmin: boolean; by: Deciding; at: Date }

/** @returns the person and the rules, as the conditions in waiting-sql.ts take them */
export const deciderOf = ({ userId, isPlatformAdmin, by, at }: Decider) => ({
  person: { id: Prisma.sql`${userId}::uuid`, isPlatformAdmin: Prisma.sql`${isPlatformAdmin}`, acts: true as const },
  by,
  at,
})

type Page = { skip: number; take: number }

/** Selects the page's ids first: reading a request costs more than finding it. */
const newestSql = (where: Prisma.Sql, { skip, take }: Page) =>
  Prisma.sql`${requestSql} WHERE r.id IN (
      SELECT r.id FROM request r WHERE ${where} ORDER BY r.created_at DESC, r.id LIMIT ${take} OFFSET ${skip})
    ORDER BY r.created_at DESC, r.id`

export const selectOwnRequests = (pool: Pool, userId: string, page: Page): Promise<RequestRecord[]> =>
  runSql<RequestRecord>(pool, newestSql(Prisma.sql`r.requester_id = ${userId}::uuid`, page))

/** @returns the requests that a person denied, or approved alone or with others, newest first */
export const selectDecidedRequests = (pool: Pool, userId: string, page: Page): Promise<RequestRecord[]> =>
  runSql<RequestRecord>(
    pool,
    newestSql(
      Prisma.sql`r.id IN (SELECT id FROM request WHERE decider_id = ${userId}::uuid AND state IN ('approved', 'denied')
        UNION SELECT request_id FROM request_approval WHERE approver_id = ${userId}::uuid)`,
      page,
    ),
  )

/** @returns the requests that wait for a person's decision, oldest first */
export const selectWaitingRequests = (pool: Pool, who: Decider, { skip, take }: Page): Promise<RequestRecord[]> =>
  runSql<RequestRecord>(
    pool,
    Prisma.sql`${requestSql} WHERE r.id IN (
      SELECT r.id FROM request r LEFT JOIN space s ON s.id = r.space_id WHERE ${waitingSql(deciderOf(who))}
      ORDER BY r.created_at, r.id LIMIT ${take} OFFSET ${skip})
    ORDER BY r.created_at, r.id`,
  )

/** Open requests: all, or those made by an instant. */
type Open = { at: Date; madeBy: Date | null }

/** @returns all requests that wait for a decision, oldest first */
export const selectOpenRequests = (pool: Pool, { at, madeBy }: Open, { skip, take }: Page): Promise<RequestRecord[]> =>
  runSql<RequestRecord>(
    pool,
    Prisma.sql`${requestSql} WHERE r.id IN (
      SELECT r.id FROM request r LEFT JOIN space s ON s.id = r.space_id
      WHERE ${openSql(at)} ${madeBy ? Prisma.sql`AND r.created_at <= ${madeBy}` : Prisma.empty}
      ORDER BY r.created_at, r.id LIMIT ${take} OFFSET ${skip})
    ORDER BY r.created_at, r.id`,
  )

/**
 * @returns counts of the requests that wait for a decision: all, those made by an instant, and those for this person;
 * and since when the oldest waits
 */
export async function countOpenRequests(pool: Pool, who: Decider, madeBy: Date): Promise<RequestsOverview> {
  const [row] = await runSql<RequestsOverview>(
    pool,
    Prisma.sql`
    SELECT count(*)::int AS waiting, min(r.created_at) AS "oldestAt",
      (count(*) FILTER (WHERE r.created_at <= ${madeBy}))::int AS "waitingForADay",
      (SELECT ${waitingCountSql(deciderOf(who))}) AS "forYou"
    FROM request r LEFT JOIN space s ON s.id = r.space_id WHERE ${openSql(who.at)}`,
  )
  return row ?? { waiting: 0, oldestAt: null, waitingForADay: 0, forYou: 0 }
}

/** @returns how many requests wait for a person's decision; stops counting at 100 */
export async function countWaitingRequestRows(pool: Pool, who: Decider): Promise<number> {
  const [row] = await runSql<{ waiting: number }>(
    pool,
    Prisma.sql`SELECT ${waitingCountSql(deciderOf(who))} AS waiting`,
  )
  return row?.waiting ?? 0
}

/** @returns the oldest request that waits for a person's decision, and how many do, up to 100; null: none */
export async function findNextWaiting(pool: Pool, who: Decider): Promise<{ id: string; waiting: number } | null> {
  const decider = deciderOf(who)
  const [row] = await runSql<{ id: string; waiting: number }>(
    pool,
    Prisma.sql`
    SELECT r.id, ${waitingCountSql(decider)} AS waiting FROM request r LEFT JOIN space s ON s.id = r.space_id
    WHERE ${waitingSql(decider)} ORDER BY r.created_at, r.id LIMIT 1`,
  )
  return row ?? null
}
