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
 * What the person needs to know to decide on a request. Only for those who may decide: call nothing here for others. An
 * owner decides in their own space and learns about the requester only what matters there: no sizes, no request for
 * anything else, and no names of groups where the directory doesn't give them away.
 */
export async function readDecisionContext(
  ctx: BrokerContext,
  request: FoundRequest,
  payload: RequestPayload,
): Promise<DecisionContext> {
  const isAdmin = ctx.actor.platformRole === 'admin'
  const { deciders } = ruleOf(ctx.policy, payload.kind)
  // Whom the policy chooses as a member of a group decides on all such requests, like a platform admin.
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
