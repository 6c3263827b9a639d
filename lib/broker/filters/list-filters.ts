import { z } from 'zod'
import { viewPlatform } from '#lib/broker/define/view-platform.ts'
import { authorizePlatform } from '#lib/broker/use-case/authorize.ts'
import { selectSavedFilters } from '#lib/db/saved-filters.ts'
import { filteredListNames, filteredLists } from '#lib/domain/saved-filter.ts'

/** @returns the person’s own saved filters for a list; @throws AppError forbidden to who may not see the list */
export const listFilters = viewPlatform({
  permission: 'keep-filters',
  input: z.strictObject({ list: z.enum(filteredListNames) }),
  read({ ctx, input: { list } }) {
    authorizePlatform(ctx, filteredLists[list])
    return selectSavedFilters(ctx.pool, ctx.actor.userId, list)
  },
})
