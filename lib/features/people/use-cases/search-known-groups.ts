import { selectKnownGroups } from '#lib/features/people/db/select-known-groups.ts'
import { viewPlatform } from '#lib/kernel/define/view-platform.ts'
import { nameSearch } from '#lib/kernel/model/name-search.ts'
import type { KnownGroup } from '#lib/kernel/model/people/known-group.ts'

const most = 8

/**
 * @returns groups of the main identity provider, for those who may list people
 * @throws AppError forbidden, rate_limited
 */
export const searchKnownGroups = viewPlatform({
  permission: 'list-people',
  input: nameSearch,
  read: ({ ctx, input }): Promise<KnownGroup[]> =>
    ctx.withinRateLimit('search-portal', ctx.actor.userId, () =>
      selectKnownGroups(ctx.pool, input.text, ctx.issuer, most),
    ),
})
