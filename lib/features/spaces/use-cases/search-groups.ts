import { selectGrantedGroups } from '#lib/features/spaces/db/select-granted-groups.ts'
import { viewPlatform } from '#lib/kernel/define/view-platform.ts'
import { nameSearch } from '#lib/kernel/model/name-search.ts'
import type { GrantedGroup } from '#lib/kernel/model/spaces/space-view.ts'

const most = 8

/**
 * @returns groups that have a role in a space, for platform admins' list filter;
 * @throws AppError rate_limited
 */
export const searchGroups = viewPlatform({
  permission: 'search-groups',
  input: nameSearch,
  async read({ ctx, input }): Promise<GrantedGroup[]> {
    const found = await ctx.withinRateLimit('search-principals', ctx.actor.userId, () =>
      selectGrantedGroups(ctx.pool, input.text, { at: ctx.clock(), limit: most }),
    )
    return found.map((group) => ({ ...group, issuer: group.issuer === ctx.issuer ? null : group.issuer }))
  },
})
