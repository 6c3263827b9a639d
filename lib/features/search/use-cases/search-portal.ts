import { maxFound } from '#lib/features/audit/model/search-limits.ts'
import { type SearchResults, searchQuery } from '#lib/features/audit/model/search-query.ts'
import { selectMatches } from '#lib/features/search/db/select-matches.ts'
import { viewPlatform } from '#lib/kernel/define/view-platform.ts'
import { decidePermission, roleStateOf } from '#lib/kernel/model/people/permission.ts'

/**
 * Searches what the person may open: their spaces, or for platform admins all; and people, for those who may list them.
 * What they may not know of is as if it weren’t there, also where they ask for it by its id.
 * @throws AppError rate_limited
 */
export const searchPortal = viewPlatform({
  permission: 'search-portal',
  input: searchQuery,
  async read({ ctx, input }): Promise<SearchResults> {
    const { actor, clusters } = ctx
    const roleState = roleStateOf(actor)
    const who = {
      userId: actor.userId,
      allSpaces: actor.platformRole === 'admin',
      people: decidePermission('list-people', { ...roleState, standing: null }) === 'allowed',
      at: ctx.clock(),
    }
    const { spaces, people } = await ctx.withinRateLimit('search-portal', actor.userId, () =>
      selectMatches(ctx.pool, who, input, maxFound),
    )
    return {
      spaces: spaces.map(({ cluster, living, ...space }) => ({
        ...space,
        cluster: cluster === clusters.defaultName ? null : cluster,
        connects:
          living && decidePermission('create-credential', { ...roleState, standing: space.standing }) === 'allowed',
      })),
      people,
    }
  },
})
