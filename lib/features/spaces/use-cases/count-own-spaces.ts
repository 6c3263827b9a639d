import { countOwnedSpaces } from '#lib/kernel/db/spaces/count-owned-spaces.ts'
import { nothing, viewPlatform } from '#lib/kernel/define/view-platform.ts'

/** @returns the number of spaces that count towards the person's limit; counting stops at the limit */
export const countOwnSpaces = viewPlatform({
  permission: 'create-space',
  input: nothing,
  read: ({ ctx }) => countOwnedSpaces(ctx.pool, ctx.actor.userId, ctx.policy.spaceLimit),
})
