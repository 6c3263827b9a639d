import type { Filter } from '#lib/features/scim/protocol/filter.ts'
import type { StoredUser } from '#lib/features/scim/protocol/render.ts'
import { Prisma } from '#lib/kernel/db/client.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import { runSql } from '#lib/kernel/db/run-sql.ts'
import { userFilterSql } from './scim-filter-sql.ts'
import { type ScimUserRow, scimUserColumns, storedUser } from './scim-user-sql.ts'

export type ScimPage = { filter: Filter | null; startIndex: number; count: number }

/** @returns a page of the provisioned people, the oldest first, and how many there are; @throws AppError scim_filter */
export async function selectScimUsers(
  pool: Pool,
  { filter, startIndex, count }: ScimPage,
): Promise<{ users: StoredUser[]; total: number }> {
  const condition = userFilterSql(filter)
  const [rows, [counted]] = await Promise.all([
    runSql<ScimUserRow>(
      pool,
      Prisma.sql`
      WITH page AS (
        SELECT su.id FROM scim_user su JOIN user_account u ON u.id = su.user_id WHERE ${condition}
        ORDER BY su.created_at, su.id LIMIT ${count} OFFSET ${startIndex - 1})
      SELECT ${scimUserColumns} FROM page JOIN scim_user su ON su.id = page.id JOIN user_account u ON u.id = su.user_id
      ORDER BY su.created_at, su.id`,
    ),
    runSql<{ total: number }>(
      pool,
      Prisma.sql`SELECT count(*)::int AS total FROM scim_user su JOIN user_account u ON u.id = su.user_id WHERE ${condition}`,
    ),
  ])
  return { users: rows.map(storedUser), total: counted?.total ?? 0 }
}
