import type { Tx } from '#lib/kernel/db/client.ts'
import { findSpaceById, type SpaceRecord } from '#lib/kernel/db/spaces/find-space.ts'
import { holdSpaceRow } from '#lib/kernel/db/spaces/space-row.ts'
import type { Permission } from '#lib/kernel/model/people/permission.ts'
import { assertStillDeclared } from './assert-still-declared.ts'
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
