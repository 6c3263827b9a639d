import { listHeld } from '../db/list-held.ts'
import { AppError } from '../domain/errors.ts'
import { isGain } from '../domain/own-gain.ts'
import type { Role } from '../domain/role.ts'
import type { BrokerContext } from './context.ts'
import type { ResolvedPrincipal } from './resolve-principal.ts'

/**
 * Nobody raises or prolongs themselves: not a platform admin who is not in the space, not an admin whose role ends, not by
 * way of a group they are in.
 * @throws AppError own_gain
 */
export async function assertNoOwnGain(
  ctx: BrokerContext,
  spaceId: string,
  principal: ResolvedPrincipal,
  grant: { role: Role; endsAt: Date | null },
): Promise<void> {
  const reachesSelf =
    principal.kind === 'user' ? principal.user.userId === ctx.actor.userId : ctx.actor.groups.includes(principal.group)
  if (!reachesSelf) return
  const held = await listHeld(ctx.db, spaceId, ctx.actor.userId, ctx.clock())
  if (isGain(held, grant.role, grant.endsAt)) throw new AppError('own_gain')
}
