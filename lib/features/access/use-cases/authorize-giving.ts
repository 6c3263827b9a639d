import { type Authority, type GrantTerms, grantAuthority } from '#lib/features/access/model/giving.ts'
import type { Db, Tx } from '#lib/kernel/db/client.ts'
import { isInGroup } from '#lib/kernel/db/people/group-members.ts'
import { selectAccessSpans } from '#lib/kernel/db/spaces/select-grants.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import type { BrokerContext } from '#lib/kernel/use-case/context.ts'
import type { ResolvedPrincipal } from './resolve-principal.ts'

/**
 * Determines the authority for a grant: the person's own role, or their platform role.
 * @param db the transaction that writes the grant, or the database before that
 * @param before the grant's current terms; omit for a new grant
 * @throws AppError self_escalation, beyond_own
 */
export async function authorizeGrant(
  ctx: BrokerContext,
  db: Db | Tx,
  spaceId: string,
  principal: ResolvedPrincipal,
  terms: GrantTerms,
  before?: GrantTerms,
): Promise<Authority> {
  const { userId, platformRole } = ctx.actor
  const reachesSelf =
    principal.kind === 'user' ? principal.user.userId === userId : await isInGroup(db, userId, principal)
  const held = await selectAccessSpans(db, spaceId, userId, ctx.clock())
  const authority = grantAuthority({ held, platformRole, reachesSelf }, terms, before)
  if (authority === 'self_escalation' || authority === 'beyond_own') throw new AppError(authority)
  return authority
}

/** @throws AppError bad_input for a grant by platform role without a reason */
export function assertReason(authority: Authority, reason: string): void {
  if (authority === 'own' || reason.trim().length >= 3) return
  const sentence = 'You don’t have this role here yourself, so give a reason. The owner is notified.'
  throw new AppError('bad_input', { sentence, fields: { reason: sentence } })
}
