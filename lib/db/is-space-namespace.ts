import { Prisma } from './client.ts'
import { existing } from './effective-sql.ts'
import type { Pool } from './pool.ts'
import { runSql } from './run-sql.ts'

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
