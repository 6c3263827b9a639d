import { nothing, viewPlatform } from '#lib/broker/define/view-platform.ts'
import { countOwnedSpaces } from '#lib/db/count-owned-spaces.ts'

/** @returns how many spaces count against the person's limit; counting stops at the limit */
export const countOwnSpaces = viewPlatform({
  permission: 'create-space',
  input: nothing,
  read: ({ ctx }) => countOwnedSpaces(ctx.pool, ctx.actor.userId, ctx.policy.spaceLimit),
})
