import { z } from 'zod'
import { endPersonalGrants } from '#lib/kernel/db/spaces/end-grants.ts'
import { changeSpace } from '#lib/kernel/define/change-space.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import { spaceKey } from '#lib/kernel/use-case/authorize.ts'

export const leaveSpaceInput = z.strictObject({ space: spaceKey })

/**
 * Removes one's own roles in a space. Roles through a group stay: only the identity provider can remove someone from a
 * group.
 * @throws AppError forbidden for the owner, who must transfer the space first, and for people who have access only
 *   through a group
 */
export const leaveSpace = changeSpace({
  permission: 'leave-space',
  action: 'space.leave',
  endsAccess: true,
  input: leaveSpaceInput,
  prepare: ({ ctx, space }) => ({
    write: async function writeLeaveSpace({ tx }) {
      const { userId } = ctx.actor
      const ended = await endPersonalGrants(tx, space.id, userId, { at: ctx.clock(), byId: userId })
      if (ended === 0)
        throw new AppError('forbidden', {
          sentence: 'You have access through a group. Ask the owner to remove the group, or leave the group.',
        })
    },
  }),
})
