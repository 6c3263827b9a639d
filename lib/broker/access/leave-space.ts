import { z } from 'zod'
import { settleSoon } from '#lib/broker/reconcile/settle-soon.ts'
import { aboutSpace, authorizeSpace, spaceKey } from '#lib/broker/use-case/authorize.ts'
import type { BrokerContext } from '#lib/broker/use-case/context.ts'
import { holdSpace } from '#lib/broker/use-case/hold-space.ts'
import { recorded } from '#lib/broker/use-case/recorded.ts'
import { endPersonalGrants } from '#lib/db/end-grants.ts'
import { touchSpace } from '#lib/db/enqueue-reconcile.ts'
import { AppError } from '#lib/domain/errors.ts'

export const leaveSpaceInput = z.strictObject({ space: spaceKey })

/**
 * Gives up one's own roles in a space. What comes by a group stays: only the identity provider takes somebody out of one.
 * @throws AppError forbidden for the owner (hand the space over first) and for those who are in it by a group only
 */
export async function leaveSpace(ctx: BrokerContext, input: z.infer<typeof leaveSpaceInput>): Promise<void> {
  await recorded(ctx, 'space.leave', { target: { kind: 'space', name: input.space.name } }, async (record) => {
    const space = await authorizeSpace(ctx, 'leave-space', input.space)
    record.about(aboutSpace(space))
    await record.commit(async (tx) => {
      await holdSpace(ctx, tx, 'leave-space', space.id)
      const { userId } = ctx.actor
      const ended = await endPersonalGrants(tx, space.id, userId, { at: ctx.clock(), byId: userId })
      if (ended === 0)
        throw new AppError('forbidden', {
          sentence: 'You have access through a group. Ask the owner to remove the group, or leave the group.',
        })
      await touchSpace(tx, space.id)
    })
    await settleSoon(ctx, space.id)
  })
}
