import type { BrokerContext } from '#lib/broker/use-case/context.ts'
import type { Db, Tx } from '#lib/db/client.ts'
import { isInGroup } from '#lib/db/group-members.ts'
import { selectHeld } from '#lib/db/select-held.ts'
import { AppError } from '#lib/domain/errors.ts'
import { decideGiving, type Gift, type Way } from '#lib/domain/giving.ts'
import type { ResolvedPrincipal } from './resolve-principal.ts'

/**
 * Decides by what right the person may give a role to a principal: from their own role, or by office.
 * @param db the transaction that writes the grant, or the database before that
 * @param before what the same grant gave so far; absent for a new one
 * @throws AppError self_escalation, beyond_own
 */
export async function judgeGiving(
  ctx: BrokerContext,
  db: Db | Tx,
  spaceId: string,
  principal: ResolvedPrincipal,
  gift: Gift,
  before?: Gift,
): Promise<Way> {
  const { userId, platformRole, groups } = ctx.actor
  const reachesSelf =
    principal.kind === 'user'
      ? principal.user.userId === userId
      : (principal.issuer === ctx.issuer && groups.includes(principal.group)) ||
        (await isInGroup(db, userId, principal))
  const held = await selectHeld(db, spaceId, userId, ctx.clock())
  const way = decideGiving({ held, platformRole, reachesSelf }, gift, before)
  if (way === 'self_escalation' || way === 'beyond_own') throw new AppError(way)
  return way
}

/** @throws AppError bad_input when something is given by office without a reason */
export function assertReason(way: Way, reason: string): void {
  if (way === 'own' || reason.trim().length >= 3) return
  const sentence = 'You don’t have this role here yourself, so give a reason. The owner is notified.'
  throw new AppError('bad_input', { sentence, fields: { reason: sentence } })
}
