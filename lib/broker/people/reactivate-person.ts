import { z } from 'zod'
import { changeFound } from '#lib/broker/define/change-found.ts'
import { actReason } from '#lib/broker/use-case/fields.ts'
import { closeOffboarding } from '#lib/db/close-offboarding.ts'
import { enqueueReconcileForPerson } from '#lib/db/enqueue-reconcile.ts'
import { findAccount } from '#lib/db/find-account.ts'
import { markReactivated } from '#lib/db/mark-person.ts'

export const reactivatePersonInput = z.strictObject({ id: z.uuid(), reason: actReason })

/**
 * Lets a deactivated person sign in again, with what they still own and were given: nothing, if they were offboarded.
 * Sessions and credentials that ended stay ended.
 * @throws AppError not_found
 */
export const reactivatePerson = changeFound({
  by: { permission: 'reactivate-person' },
  action: 'person.reactivate',
  kind: 'person',
  input: reactivatePersonInput,
  find: (db, _ctx, id) => findAccount(db, id),
  holds: ({ id }) => ({ people: [id], spaceId: null }),
  prepare({ ctx, found, input: { id, reason }, about }) {
    about({ target: { kind: 'person', id, name: found.handle }, detail: { reason } })
    if (!found.deactivatedAt) return { result: undefined }
    return {
      async write({ tx, undo }) {
        if (!(await markReactivated(tx, id))) undo()
        const wasOffboarded = await closeOffboarding(tx, id, ctx.clock())
        const spaces = await enqueueReconcileForPerson(tx, id, ctx.clock())
        about({ detail: { spaces: spaces.length, ...(wasOffboarded && { wasOffboarded }) } })
      },
      already: undefined,
    }
  },
})
