import { z } from 'zod'
import { changeSpace } from '#lib/kernel/define/change-space.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import { startDeletion } from '#lib/kernel/reconcile/start-deletion.ts'
import { spaceKey } from '#lib/kernel/use-case/authorize.ts'

export const deleteSpaceInput = z.strictObject({ space: spaceKey, confirmation: z.string().max(100) })

/**
 * Deletes a space: its namespace with everything in it. The worker continues until the cluster confirms that it is
 * gone. Credentials bound to it end at once.
 * @throws AppError confirmation_mismatch unless the name was typed
 */
export const deleteSpace = changeSpace({
  permission: 'delete-space',
  action: 'space.delete',
  endsAccess: true,
  input: deleteSpaceInput,
  reconcile: 'queued',
  prepare({ ctx, space, input }) {
    if (input.confirmation.trim() !== space.name) {
      throw new AppError('confirmation_mismatch', { fields: { confirmation: `Type ${space.name} to confirm.` } })
    }
    if (space.status === 'deleting') return { result: undefined }
    return {
      async write({ tx, space: held, undo }) {
        if (held.status === 'deleting') undo()
        await startDeletion(ctx, tx, space)
      },
      already: undefined,
    }
  },
})
