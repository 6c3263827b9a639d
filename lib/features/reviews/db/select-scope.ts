import { Prisma } from '#lib/kernel/db/client.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import { runSql } from '#lib/kernel/db/run-sql.ts'
import { living } from '#lib/kernel/db/spaces/effective-sql.ts'

type Named = { id: string; name: string }

/** @returns the spaces with these names on a cluster; null: on all clusters, so a name may match several */
export async function selectIdsBySpaceNames(
  pool: Pool,
  names: readonly string[],
  cluster: string | null,
): Promise<Named[]> {
  if (names.length === 0) return []
  return runSql<Named>(
    pool,
    Prisma.sql`
    SELECT s.id, s.name FROM space s JOIN cluster c ON c.id = s.cluster_id
    WHERE ${living} AND s.name = ANY (${[...names]}::text[]) AND (${cluster}::text IS NULL OR c.name = ${cluster}) ORDER BY s.name, s.id`,
  )
}

/** @returns the people with these handles, including deactivated ones */
export async function selectIdsByHandles(pool: Pool, handles: readonly string[]): Promise<Named[]> {
  if (handles.length === 0) return []
  return runSql<Named>(
    pool,
    Prisma.sql`SELECT u.id, u.handle AS name FROM user_account u WHERE u.handle = ANY (${[...handles]}::text[]) ORDER BY u.handle`,
  )
}
