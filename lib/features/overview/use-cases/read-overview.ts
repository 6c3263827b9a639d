import { fenceStateOf } from '#lib/features/clusters/model/fence-state.ts'
import { countAllSpaces } from '#lib/features/overview/db/count-all-spaces.ts'
import { countOwnAttention } from '#lib/features/overview/db/count-own-attention.ts'
import { countPeople } from '#lib/features/overview/db/count-people.ts'
import type { Overview, TrailOverview } from '#lib/features/overview/model/overview.ts'
import { eligibleDecider } from '#lib/features/requests/use-cases/may-decide.ts'
import { readChainState } from '#lib/kernel/db/audit/read-chain-state.ts'
import { countOpenRequests } from '#lib/kernel/db/requests/select-requests.ts'
import { nothing, viewPlatform } from '#lib/kernel/define/view-platform.ts'
import { type ChainState, isSealingLate, verdictOf } from '#lib/kernel/model/audit/trail-check.ts'
import { dayMs } from '#lib/kernel/model/duration.ts'
import type { BrokerContext } from '#lib/kernel/use-case/context.ts'

/**
 * @returns totals and problems, limited to what the reader may open. Auditors can't list all spaces and requests, so
 *   they get no numbers about those.
 */
export const readOverview = viewPlatform({
  permission: 'read-overview',
  input: nothing,
  read: async function readReadOverview({ ctx }): Promise<Overview> {
    const readAt = ctx.clock()
    const [counted, own, chain, forAdmins] = await Promise.all([
      countPeople(ctx.pool, readAt),
      countOwnAttention(ctx.pool, ctx.actor.userId, readAt),
      readChainState(ctx.pool),
      ctx.actor.platformRole === 'admin' ? readForAdmins(ctx, readAt) : null,
    ])
    return { readAt, ...counted, own, trail: trailOf(chain, readAt), forAdmins }
  },
})

async function readForAdmins(ctx: BrokerContext, at: Date): Promise<NonNullable<Overview['forAdmins']>> {
  const [{ spaces, clusters, breakGlassUse }, requests] = await Promise.all([
    countAllSpaces(ctx.pool, ctx.clusters.names, at),
    countOpenRequests(ctx.pool, eligibleDecider(ctx), new Date(at.getTime() - dayMs)),
  ])
  return {
    spaces,
    requests,
    clusters: clusters.map((cluster) => ({ ...cluster, fences: fenceStateOf(cluster, at) })),
    breakGlassUse: breakGlassUse && { handle: breakGlassUse.handle },
  }
}

function trailOf(chain: ChainState, at: Date): TrailOverview {
  const verdict = verdictOf(chain.checks)
  return {
    verdict: verdict.is,
    findings: verdict.is === 'broken' ? verdict.check.findingCount : 0,
    isLate: isSealingLate(chain, at),
  }
}
