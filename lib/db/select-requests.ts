import { Prisma } from './client.ts'
import { type RequestRecord, requestSql } from './find-request.ts'
import type { Pool } from './pool.ts'
import { runSql } from './run-sql.ts'
import { waitingCountSql, waitingSql } from './waiting-sql.ts'

type Who = { userId: string; isPlatformAdmin: boolean; at: Date }

const deciderOf = ({ userId, ...who }: Who) => ({ person: Prisma.sql`${userId}::uuid`, ...who })

/** @returns the requests of a box, newest first */
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
  return runSql<RequestRecord>(
    pool,
    Prisma.sql`${requestSql} WHERE ${where} ORDER BY r.created_at DESC, r.id LIMIT ${take} OFFSET ${skip}`,
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
