import { selectMatches } from '#lib/features/search/db/select-matches.ts'
import { maxFound } from '#lib/features/search/model/search-limits.ts'
import { type SearchResults, searchQuery } from '#lib/features/search/model/search-query.ts'
import { viewPlatform } from '#lib/kernel/define/view-platform.ts'
import { decidePermission, roleStateOf } from '#lib/kernel/model/people/permission.ts'

/**
 * Searches what the person may open: their spaces (platform admins: all), and people if they may list them. Anything
 * else is never found, not even by id.
 * @throws AppError rate_limited
 */
export const searchPortal = viewPlatform({
  permission: 'search-portal',
  input: searchQuery,
  read: async function readSearchPortal({ ctx, input }): Promise<SearchResults> {
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
