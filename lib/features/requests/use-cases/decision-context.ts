import { selectRequestContext } from '#lib/features/requests/db/select-request-context.ts'
import { totalUsage } from '#lib/features/requests/model/total-usage.ts'
import type { FoundRequest } from '#lib/kernel/db/requests/find-request.ts'
import { ruleOf } from '#lib/kernel/model/policy/approval-rules.ts'
import type { RequestPayload } from '#lib/kernel/model/requests/access-request.ts'
import { parsePayload } from '#lib/kernel/model/requests/parse-payload.ts'
import type { DecisionContext } from '#lib/kernel/model/requests/request-view.ts'
import { parseUsage } from '#lib/kernel/model/spaces/parse-usage.ts'
import type { BrokerContext } from '#lib/kernel/use-case/context.ts'

/**
 * The facts for deciding on a request. Call it only for people who may decide. An owner decides within their own space
 * and learns only what is relevant there about the requester: no sizes, no other requests, and no group names unless
 * the directory exposes them.
 */
export async function readDecisionContext(
  ctx: BrokerContext,
  request: FoundRequest,
  payload: RequestPayload,
): Promise<DecisionContext> {
  const isAdmin = ctx.actor.platformRole === 'admin'
  const { deciders } = ruleOf(ctx.policy, payload.kind)
  // A member of an approver group decides on all such requests, like a platform admin.
  const everywhere = isAdmin || deciders.who === 'group'
  const role = payload.kind === 'role' ? payload.role : null
  const { spaceLimit, directory } = ctx.policy
  const found = await selectRequestContext(ctx.pool, { request, role, everywhere, spaceLimit, at: ctx.clock() })
  return {
    groups: { names: isAdmin || directory === 'open' ? found.groups : null, count: found.groupCount },
    spaces: { owned: found.owned, limit: spaceLimit, bySize: everywhere ? found.bySize : null },
    usage: totalUsage(found.usages.map(parseUsage)),
    holders: role && { first: found.holders, count: found.holderCount },
    history: {
      last: found.last.map(({ id, payload: stored, state, createdAt, space }) => ({
        id,
        payload: parsePayload(stored),
        state,
        space,
        createdAt: new Date(createdAt),
      })),
      counts: found.counts,
    },
  }
}
