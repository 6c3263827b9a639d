import { z } from 'zod'
import { selectKnownGroups } from '#lib/features/people/db/select-known-groups.ts'
import { viewPlatform } from '#lib/kernel/define/view-platform.ts'
import type { KnownGroup } from '#lib/kernel/model/people/known-group.ts'

export const searchKnownGroupsInput = z.strictObject({
  /** Part of a name. */
  text: z
    .string()
    .trim()
    .min(1)
    .max(100)
    .regex(/^[^\0]*$/),
})

const most = 8

/**
 * @returns the groups of people, for those who may list people
 * @throws AppError forbidden, rate_limited
 */
export const searchKnownGroups = viewPlatform({
  permission: 'list-people',
  input: searchKnownGroupsInput,
  read: async function readSearchKnownGroups({ ctx, input }): Promise<KnownGroup[]> {
    const found = await ctx.withinRateLimit('search-portal', ctx.actor.userId, () =>
      selectKnownGroups(ctx.pool, input.text, ctx.issuers, most),
    )
    return found.map((one) => ({ ...one, issuer: one.issuer === ctx.issuer ? null : one.issuer }))
  },
})
