import type { Tx } from '#lib/kernel/db/client.ts'
import type { SpaceRecord } from '#lib/kernel/db/spaces/find-space.ts'
import { findDeclaration } from '#lib/kernel/db/spaces/space-row.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import type { Permission } from '#lib/kernel/model/people/permission.ts'
import type { BrokerContext } from './context.ts'

/**
 * A look at an object takes time: meanwhile its space may be taken back or given away, and another worker may follow a
 * later generation. Checked with the space’s row held, in the transaction of each change that an object declares.
 * @throws AppError space_busy unless this object still declares this space of the person who acts, and, but for the
 *   deletion, this generation is the one being followed
 */
export async function assertStillDeclared(
  { origin: { declaredBy }, actor }: BrokerContext,
  tx: Tx,
  permission: Permission,
  { id, name, cluster, ownerId }: Pick<SpaceRecord, 'id' | 'name' | 'cluster' | 'ownerId'>,
): Promise<void> {
  if (!declaredBy) return
  const found = await findDeclaration(tx, id)
  const isSpace = name === declaredBy.name && cluster === declaredBy.cluster && ownerId === actor.userId
  const isObject = found?.namespace === declaredBy.namespace && (found.uid === null || found.uid === declaredBy.uid)
  // A deletion is a generation of its own, and nothing of it is followed.
  const isGeneration = permission === 'delete-space' || found?.generation === declaredBy.generation
  if (!isSpace || !isObject || !isGeneration) throw new AppError('space_busy')
}
