import { z } from 'zod'
import { settleSoon } from '#lib/broker/reconcile/settle-soon.ts'
import { startDeletion } from '#lib/broker/reconcile/start-deletion.ts'
import { aboutSpace, authorizeSpace, spaceKey } from '#lib/broker/use-case/authorize.ts'
import type { BrokerContext } from '#lib/broker/use-case/context.ts'
import { holdSpace } from '#lib/broker/use-case/hold-space.ts'
import { recorded } from '#lib/broker/use-case/recorded.ts'
import { AppError, isAppError } from '#lib/domain/errors.ts'

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
        await startDeletion(ctx, tx, space)
      })
    } catch (error) {
      if (!isAppError(error, 'space_deleting')) throw error
      return
    }
    await settleSoon(ctx, space.id)
  })
}
