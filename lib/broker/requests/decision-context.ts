import type { BrokerContext } from '#lib/broker/use-case/context.ts'
import type { FoundRequest } from '#lib/db/find-request.ts'
import { selectRequestContext } from '#lib/db/select-request-context.ts'
import type { RequestPayload } from '#lib/domain/access-request.ts'
import { ruleOf } from '#lib/domain/approval-rules.ts'
import { parsePayload } from '#lib/domain/parse-payload.ts'
import { parseUsage } from '#lib/domain/parse-usage.ts'
import type { DecisionContext } from '#lib/domain/request-view.ts'
import { totalUsage } from '#lib/domain/total-usage.ts'

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
