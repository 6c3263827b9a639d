import type { Tx } from '#lib/kernel/db/client.ts'
import { findSpaceById, type SpaceRecord } from '#lib/kernel/db/spaces/find-space.ts'
import { findDeclaration, holdSpaceRow } from '#lib/kernel/db/spaces/space-row.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import type { Permission } from '#lib/kernel/model/people/permission.ts'
import { requireAllowed } from './authorize.ts'
import type { BrokerContext } from './context.ts'
import { holdActor } from './hold-actor.ts'

/**
 * Checks the right again, in the transaction that uses it, with both rows locked until it ends: a revocation comes
 * first and this is refused, or it comes after.
 * @param people to lock as well
 * @returns the current space, and the context with the person's current platform role
 * @throws AppError deactivated, not_found, forbidden; space_busy when the object no longer declares the change
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
 * While an object is read, its space may be released or given away, or another worker may apply a later generation. So
 * each declared change checks it again, with the space’s row locked.
 * @throws AppError space_busy unless this object still declares this space of the acting person, in this generation
 * (except for a deletion)
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
  // A deletion has its own generation, which isn't applied.
  const isGeneration = permission === 'delete-space' || found?.generation === declaredBy.generation
  if (!isSpace || !isObject || !isGeneration) throw new AppError('space_busy')
}
