import { Prisma } from '#lib/kernel/db/client.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import { runSql } from '#lib/kernel/db/run-sql.ts'

/** @returns how many spaces that objects in a namespace declare were deleted since an instant */
export async function countDeclaredDeletions(
  pool: Pool,
  { cluster, namespace, since }: { cluster: string; namespace: string; since: Date },
): Promise<number> {
  const [row] = await runSql<{ count: number }>(
    pool,
    Prisma.sql`
    SELECT count(*)::int AS count FROM space s JOIN cluster c ON c.id = s.cluster_id
    WHERE c.name = ${cluster} AND s.declared_namespace = ${namespace} AND s.delete_requested_at > ${since}`,
  )
  return row?.count ?? 0
}
