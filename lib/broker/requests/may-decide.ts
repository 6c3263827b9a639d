import type { FoundBy } from '#lib/broker/define/authorize-found.ts'
import type { BrokerContext } from '#lib/broker/use-case/context.ts'
import type { RequestRecord } from '#lib/db/find-request.ts'
import { decidePermission } from '#lib/domain/permission.ts'

/** Who decides on a request: platform admins, and for a role also the space's owner, as long as the space exists. */
export const byDecider = {
  permissions: ['decide-role-request', 'decide-space-request'],
  subject(ctx, request) {
    const isThere = request.space && request.space.status !== 'deleting' && request.space.status !== 'deleted'
    if (request.kind === 'role' && request.state === 'open' && !isThere) return null
    return {
      permission: request.kind === 'role' ? 'decide-role-request' : 'decide-space-request',
      standing: request.space?.ownerId === ctx.actor.userId ? 'owner' : null,
    }
  },
} satisfies FoundBy<RequestRecord>

/** @returns whether the person may decide on such a request */
export function mayDecide(ctx: BrokerContext, request: RequestRecord): boolean {
  const asked = byDecider.subject(ctx, request)
  const { platformRole } = ctx.actor
  return asked !== null && decidePermission(asked.permission, { platformRole, standing: asked.standing }) === 'allowed'
}
