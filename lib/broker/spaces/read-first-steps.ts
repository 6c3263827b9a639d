import { viewSpace } from '#lib/broker/define/view-space.ts'
import { selectFirstSteps } from '#lib/db/select-first-steps.ts'

/** @returns what the person has done of what comes first in a space */
export const readFirstSteps = viewSpace({
  permission: 'read-space-inside',
  read: ({ ctx, space }) => selectFirstSteps(ctx.pool, { userId: ctx.actor.userId, spaceId: space.id }, ctx.clock()),
})
