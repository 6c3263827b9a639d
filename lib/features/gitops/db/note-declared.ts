import type { Db, Tx } from '#lib/kernel/db/client.ts'
import { AppError } from '#lib/kernel/model/errors.ts'

/** A generation of the object that declares a space. */
export type DeclaredGeneration = { spaceId: string; namespace: string; uid: string; generation: number }

/**
 * Notes that a generation of the object is being followed from now on, and that nothing of it was carried out yet.
 * @param read what was followed when this was decided
 * @throws AppError space_busy when something else is followed by now, or a later generation already was
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

/** Notes that a part of a generation was carried out: it is not done again, whoever undoes it. */
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
