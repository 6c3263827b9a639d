import { Prisma } from '#lib/kernel/db/client.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import { runSql } from '#lib/kernel/db/run-sql.ts'
import { existing } from '#lib/kernel/db/spaces/effective-sql.ts'

/** @returns whether a namespace on a cluster is that of a space, whose members can write there */
export async function isSpaceNamespace(
  pool: Pool,
  { cluster, namespace }: { cluster: string; namespace: string },
): Promise<boolean> {
  const rows = await runSql(
    pool,
    Prisma.sql`
    SELECT 1 FROM space s JOIN cluster c ON c.id = s.cluster_id
    WHERE c.name = ${cluster} AND s.namespace = ${namespace} AND ${existing} LIMIT 1`,
  )
  return rows.length > 0
}
