import { selectFirstSteps } from '#lib/features/spaces/db/select-first-steps.ts'
import { viewSpace } from '#lib/kernel/define/view-space.ts'

/** @returns the person's progress with the first steps in a space */
export const readFirstSteps = viewSpace({
  permission: 'read-space-inside',
  read: ({ ctx, space }) => selectFirstSteps(ctx.pool, { userId: ctx.actor.userId, spaceId: space.id }, ctx.clock()),
})
