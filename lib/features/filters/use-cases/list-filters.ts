import { z } from 'zod'
import { selectSavedFilters } from '#lib/features/filters/db/saved-filters.ts'
import { filteredListNames, filteredLists } from '#lib/features/filters/model/saved-filter.ts'
import { viewPlatform } from '#lib/kernel/define/view-platform.ts'
import { authorizePlatform } from '#lib/kernel/use-case/authorize.ts'

/**
 * @returns the person's own saved filters for a list
 * @throws AppError forbidden if they may not see the list
 */
export const listFilters = viewPlatform({
  permission: 'keep-filters',
  input: z.strictObject({ list: z.enum(filteredListNames) }),
  read: function readListFilters({ ctx, input: { list } }) {
    authorizePlatform(ctx, filteredLists[list])
    return selectSavedFilters(ctx.pool, ctx.actor.userId, list)
  },
})
