import type { BrokerContext } from '#lib/broker/use-case/context.ts'
import type { RequestRecord } from '#lib/db/find-request.ts'
import { decidePermission } from '#lib/domain/permission.ts'

/** @returns whether the person is of those who decide on such a request: the space's owner on roles, platform admins on all (of what is there) */
export async function mayDecide(ctx: BrokerContext, request: RequestRecord): Promise<boolean> {
  const isThere = request.space && request.space.status !== 'deleting' && request.space.status !== 'deleted'
  if (request.kind === 'role' && request.state === 'open' && !isThere) return false
  const isOwner = request.space?.ownerId === ctx.actor.userId
  const permission = request.kind === 'role' ? 'decide-role-request' : 'decide-space-request'
  return (
    decidePermission(permission, { platformRole: ctx.actor.platformRole, standing: isOwner ? 'owner' : null }) ===
    'allowed'
  )
}
