import { z } from 'zod'
import type { Tx } from '../db/client.ts'
import { enqueueReconcile } from '../db/enqueue-reconcile.ts'
import { AppError, isAppError } from '../domain/errors.ts'
import { deleteSteps } from '../domain/space-status.ts'
import { waitingSteps } from '../domain/step-list.ts'
import { aboutSpace, authorizeSpace, spaceKey } from './authorize.ts'
import type { BrokerContext } from './context.ts'
import { holdSpace } from './hold-space.ts'
import { recorded } from './recorded.ts'
import { settleSoon } from './settle-soon.ts'

export const deleteSpaceInput = z.strictObject({ space: spaceKey, confirmation: z.string().max(100) })

/**
 * Deletes a space: its namespace with everything in it. Goes on by itself until the cluster says that it is gone.
 * Credentials bound to it end at once.
 * @throws AppError confirmation_mismatch unless the name was typed
 */
export async function deleteSpace(ctx: BrokerContext, input: z.infer<typeof deleteSpaceInput>): Promise<void> {
  await recorded(ctx, 'space.delete', { target: { kind: 'space', name: input.space.name } }, async (record) => {
    const space = await authorizeSpace(ctx, 'delete-space', input.space)
    record.about(aboutSpace(space))
    if (input.confirmation.trim() !== space.name) {
      throw new AppError('confirmation_mismatch', { fields: { confirmation: `Type ${space.name} to confirm.` } })
    }
    if (space.status === 'deleting') return
    try {
      await record.commit(async (tx) => {
        const held = await holdSpace(ctx, tx, 'delete-space', space.id)
        // Undone together with its intent: many at once are one deletion, in the trail too.
        if (held.space.status === 'deleting') throw new AppError('space_deleting')
        await startDeletion(tx, space.id, ctx.clock())
      })
    } catch (error) {
      if (!isAppError(error, 'space_deleting')) throw error
      return
    }
    await settleSoon(ctx, space.id)
  })
}

/**
 * Marks a space for deletion, ends its credentials and what its own people asked for it, and queues the work. Used by its
 * end date too. Requests for roles stay open until their time is over, as those for spaces that never were: whoever asked
 * may be a stranger, and is not told that there was a space.
 */
export async function startDeletion(tx: Tx, spaceId: string, at: Date, afterSeconds = 2): Promise<void> {
  await tx.space.updateMany({
    where: { id: spaceId, status: { notIn: ['deleting', 'deleted'] } },
    data: {
      status: 'deleting',
      deleteRequestedAt: at,
      generation: { increment: 1 },
      steps: waitingSteps(deleteSteps),
      failureCode: null,
      failureMessage: null,
    },
  })
  await tx.credential.updateMany({ where: { spaceId, revokedAt: null }, data: { revokedAt: at } })
  await tx.request.updateMany({
    where: { spaceId, state: 'open', kind: { not: 'role' } },
    data: { state: 'lapsed', decidedAt: at, decisionReason: 'The space was deleted.' },
  })
  await tx.offer.updateMany({ where: { spaceId, state: 'open' }, data: { state: 'withdrawn', closedAt: at } })
  await enqueueReconcile(tx, spaceId, afterSeconds)
}
