import { type Db, Prisma, type Tx } from '#lib/kernel/db/client.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import { runSql } from '#lib/kernel/db/run-sql.ts'
import { existing } from '#lib/kernel/db/spaces/effective-sql.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import type { SpaceStatus } from '#lib/kernel/model/spaces/space-status.ts'

export type DeclaredRow = {
  id: string
  status: SpaceStatus
  ownerId: string
  /** The namespace of the object that declares it, or null. */
  namespace: string | null
  uid: string | null
  generation: number | null
  done: string[]
  members: boolean
  /** When its deletion was requested. Null if it wasn't: a deleted space without it was never created. */
  deletionAskedAt: Date | null
}

/**
 * @returns the space with a name on a cluster that isn't deleted; else the last deleted one that an object in this
 *   namespace, or this very object, declared; or null
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

/**
 * Detaches spaces from the objects in a namespace that declare them. Keeps the object's uid: while that object exists,
 * its space isn't recreated after a deletion.
 * @param uid only if this object was followed
 * @returns whether there was such a space
 */
export async function releaseSpaceRow(
  tx: Tx,
  spaceId: string,
  { namespace, uid }: { namespace: string; uid?: string | null },
): Promise<boolean> {
  const { count } = await tx.space.updateMany({
    where: { id: spaceId, declaredNamespace: namespace, ...(uid !== undefined && { declaredUid: uid }) },
    data: { declaredNamespace: null, declaredMembers: false, declaredDone: [] },
  })
  return count > 0
}

/** Sets the namespace with the object that declares a space. */
export async function declareSpaceRow(tx: Tx, spaceId: string, namespace: string): Promise<void> {
  const data = { declaredNamespace: namespace, declaredUid: null, declaredGeneration: null, declaredMembers: false }
  await tx.space.update({ where: { id: spaceId }, data: { ...data, declaredDone: [] } })
}

/** A generation of the object that declares a space. */
export type DeclaredGeneration = { spaceId: string; namespace: string; uid: string; generation: number }

/**
 * Records that a new generation of the object is followed, with no parts applied yet.
 * @param read the generation followed when this was decided
 * @throws AppError space_busy if that has changed, or a later generation was followed
 */
export async function startDeclaredGeneration(
  db: Db | Tx,
  { spaceId, namespace, uid, generation, members }: DeclaredGeneration & { members: boolean },
  read: { uid: string | null; generation: number | null },
): Promise<void> {
  const started = await db.$executeRaw`
    UPDATE space SET declared_uid = ${uid}, declared_generation = ${generation}::int, declared_members = ${members}, declared_done = '{}'
    WHERE id = ${spaceId}::uuid AND declared_namespace = ${namespace}
      AND (declared_uid, declared_generation) IS NOT DISTINCT FROM (${read.uid}, ${read.generation}::int)
      AND (declared_uid IS DISTINCT FROM ${uid} OR declared_generation <= ${generation}::int)`
  if (started === 0) throw new AppError('space_busy')
}

/** Records that a part of a generation was applied, so that it isn't applied again after someone undoes it. */
export async function noteDeclaredDone(
  db: Db | Tx,
  { spaceId, namespace, uid, generation }: DeclaredGeneration,
  part: string,
): Promise<void> {
  await db.$executeRaw`
    UPDATE space SET declared_done = array_append(declared_done, ${part})
    WHERE id = ${spaceId}::uuid AND declared_namespace = ${namespace} AND declared_uid = ${uid} AND declared_generation = ${generation}::int
      AND NOT ${part} = ANY (declared_done)`
}

/** @returns how many spaces declared in a namespace were deleted since an instant */
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

/** @returns whether a namespace belongs to a space, so that its members can write there */
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
