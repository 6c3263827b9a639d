import type { Tx } from '#lib/kernel/db/client.ts'
import { findSpaceById, type SpaceRecord } from '#lib/kernel/db/spaces/find-space.ts'
import { findDeclaration, holdSpaceRow } from '#lib/kernel/db/spaces/space-row.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import type { Permission } from '#lib/kernel/model/people/permission.ts'
import { requireAllowed } from './authorize.ts'
import type { BrokerContext } from './context.ts'
import { holdActor } from './hold-actor.ts'

/**
 * Checks again, inside the transaction that uses the right, whether the person may use the use case on the space. Both
 * rows are held until it ends, and revoking rights changes one of them: either that comes first and this is refused, or
 * it comes after.
 * @param people whose rows are held as well
 * @returns the space as it is now, and the context with the person's current platform role
 * @throws AppError deactivated, not_found, forbidden; space_busy when the object that declares the change does so no more
 */
export async function holdSpace(
  ctx: BrokerContext,
  tx: Tx,
  permission: Permission,
  spaceId: string,
  { people = [], endsAccess = false }: { people?: readonly string[]; endsAccess?: boolean } = {},
): Promise<{ now: BrokerContext; space: SpaceRecord }> {
  const now = await holdActor(ctx, tx, people, endsAccess ? 'ends access' : 'decides')
  await holdSpaceRow(tx, spaceId)
  const space = requireAllowed(now, permission, await findSpaceById(tx, spaceId, ctx.actor.userId, ctx.clock()))
  await assertStillDeclared(ctx, tx, permission, space)
  return { now, space }
}

/**
 * A look at an object takes time: meanwhile its space may be taken back or given away, and another worker may follow a
 * later generation. Checked with the space’s row held, in the transaction of each change that an object declares.
 * @throws AppError space_busy unless this object still declares this space of the person who acts, and, but for the
 *   deletion, this generation is the one being followed
 */
async function assertStillDeclared(
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
