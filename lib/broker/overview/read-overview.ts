import { nothing, viewPlatform } from '#lib/broker/define/view-platform.ts'
import { whoIsAsked } from '#lib/broker/requests/may-decide.ts'
import type { BrokerContext } from '#lib/broker/use-case/context.ts'
import { countAllSpaces } from '#lib/db/count-all-spaces.ts'
import { countPeople } from '#lib/db/count-people.ts'
import { readChainState } from '#lib/db/read-chain-state.ts'
import { countOpenRequests } from '#lib/db/select-requests.ts'
import { dayMs } from '#lib/domain/duration.ts'
import { fenceStateOf } from '#lib/domain/fence-state.ts'
import type { Overview, TrailOverview } from '#lib/domain/overview.ts'
import { type ChainState, isSealingLate, verdictOf } from '#lib/domain/trail-check.ts'

/**
 * @returns how much there is of everything, and what is wrong: for each reader only what the pages behind it would tell
 *   them. Auditors list no spaces and no requests of others, so they get no figures of those.
 */
export const readOverview = viewPlatform({
  permission: 'read-overview',
  input: nothing,
  async read({ ctx }): Promise<Overview> {
    const readAt = ctx.clock()
    const [counted, chain, forAdmins] = await Promise.all([
      countPeople(ctx.pool, readAt),
      readChainState(ctx.pool),
      ctx.actor.platformRole === 'admin' ? readForAdmins(ctx, readAt) : null,
    ])
    return { readAt, ...counted, trail: trailOf(chain, readAt), forAdmins }
  },
})

async function readForAdmins(ctx: BrokerContext, at: Date): Promise<NonNullable<Overview['forAdmins']>> {
  const [{ spaces, clusters, sealedUse }, requests] = await Promise.all([
    countAllSpaces(ctx.pool, ctx.clusters.names, at),
    countOpenRequests(ctx.pool, whoIsAsked(ctx), new Date(at.getTime() - dayMs)),
  ])
  return {
    spaces,
    requests,
    clusters: clusters.map((cluster) => ({ ...cluster, fences: fenceStateOf(cluster, at) })),
    sealedUse: sealedUse && { handle: sealedUse.handle },
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
