import { z } from 'zod'
import { cancelTrailCheck } from '#lib/features/audit/db/chain/trail-checks.ts'
import { changePlatform } from '#lib/kernel/define/change-platform.ts'

export const cancelVerificationInput = z.strictObject({ id: z.uuid() })

/**
 * Cancels a verification of the trail, even if another person requested it. A finished or unknown one stays as it is.
 */
export const cancelVerification = changePlatform({
  permission: 'verify-trail',
  action: 'trail.verify-cancel',
  input: cancelVerificationInput,
  about: ({ id }) => ({ target: { kind: 'trail', id } }),
  prepare: ({ ctx, input: { id } }) => ({
    write: async function writeCancelVerification({ tx, undo }) {
      if (!(await cancelTrailCheck(tx, id, { at: ctx.clock(), byId: ctx.actor.userId }))) undo()
    },
    already: undefined,
  }),
})
