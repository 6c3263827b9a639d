import { Prisma } from '#lib/kernel/db/client.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import { runSql } from '#lib/kernel/db/run-sql.ts'
import { existing } from '#lib/kernel/db/spaces/effective-sql.ts'
import type { SpaceStatus } from '#lib/kernel/model/spaces/space-status.ts'

export type DeclaredRow = {
  id: string
  status: SpaceStatus
  ownerId: string
  /** The namespace of the object that declares it; null: none does. */
  namespace: string | null
  uid: string | null
  generation: number | null
  done: string[]
  members: boolean
  /** When its deletion was asked for; null: it wasn’t, and if it is deleted, it was never made. */
  deletionAskedAt: Date | null
}

/**
 * @returns the space with a name on a cluster that is not deleted, whoever declares it; or else the last one that was deleted
 *   and that an object in this namespace declared, or this very object once; or null
 */
export async function findDeclaredSpace(
  pool: Pool,
  { cluster, namespace, name, uid }: { cluster: string; namespace: string; name: string; uid: string },
): Promise<DeclaredRow | null> {
  const [row] = await runSql<DeclaredRow>(
    pool,
    Prisma.sql`
    SELECT s.id, s.status::text AS status, s.owner_id AS "ownerId", s.declared_namespace AS namespace, s.declared_uid AS uid,
      s.declared_generation AS generation, s.declared_done AS done, s.declared_members AS members, s.delete_requested_at AS "deletionAskedAt"
    FROM space s JOIN cluster c ON c.id = s.cluster_id
    WHERE c.name = ${cluster} AND s.name = ${name} AND (${existing} OR s.declared_namespace = ${namespace} OR s.declared_uid = ${uid})
    ORDER BY ${existing} DESC, s.created_at DESC LIMIT 1`,
  )
  return row ?? null
}
