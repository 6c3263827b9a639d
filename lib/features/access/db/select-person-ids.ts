import { Prisma } from '#lib/kernel/db/client.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import { runSql } from '#lib/kernel/db/run-sql.ts'

/** @returns everybody by handle, after the one with the handle `after`; at most `limit` */
export const selectPersonIds = (pool: Pool, after: string, limit: number): Promise<{ id: string; handle: string }[]> =>
  runSql(pool, Prisma.sql`SELECT id, handle FROM user_account WHERE handle > ${after} ORDER BY handle LIMIT ${limit}`)
