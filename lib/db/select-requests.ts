import { Prisma } from './client.ts'
import { type RequestRecord, requestSql } from './find-request.ts'
import type { Pool } from './pool.ts'
import { runSql } from './run-sql.ts'
import { waitingCountSql, waitingSql } from './waiting-sql.ts'

type Who = { userId: string; isPlatformAdmin: boolean; at: Date }

const deciderOf = ({ userId, ...who }: Who) => ({ person: Prisma.sql`${userId}::uuid`, ...who })

/** @returns the requests of a box: those that wait oldest first, the others newest first */
export function selectRequests(
  pool: Pool,
  box: 'mine' | 'waiting' | 'decided',
  who: Who,
  { skip, take }: { skip: number; take: number },
): Promise<RequestRecord[]> {
  const where = {
    mine: Prisma.sql`r.requester_id = ${who.userId}::uuid`,
    waiting: waitingSql(deciderOf(who)),
    decided: Prisma.sql`r.decider_id = ${who.userId}::uuid`,
  }[box]
  const order = box === 'waiting' ? Prisma.sql`r.created_at, r.id` : Prisma.sql`r.created_at DESC, r.id`
  return runSql<RequestRecord>(
    pool,
    Prisma.sql`${requestSql} WHERE ${where} ORDER BY ${order} LIMIT ${take} OFFSET ${skip}`,
  )
}

/** @returns how many requests wait for somebody's decision; stops counting at 100 */
export async function countWaitingRequestRows(pool: Pool, who: Who): Promise<number> {
  const [row] = await runSql<{ waiting: number }>(
    pool,
    Prisma.sql`SELECT ${waitingCountSql(deciderOf(who))} AS waiting`,
  )
  return row?.waiting ?? 0
}

/** @returns the oldest request that waits for somebody's decision, and how many do, up to 100; null: none */
export async function findNextWaiting(pool: Pool, who: Who): Promise<{ id: string; waiting: number } | null> {
  const decider = deciderOf(who)
  const [row] = await runSql<{ id: string; waiting: number }>(
    pool,
    Prisma.sql`
    SELECT r.id, ${waitingCountSql(decider)} AS waiting FROM request r LEFT JOIN space s ON s.id = r.space_id
    WHERE ${waitingSql(decider)} ORDER BY r.created_at, r.id LIMIT 1`,
  )
  return row ?? null
}
