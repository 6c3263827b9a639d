import { z } from 'zod'
import { changeFound } from '#lib/broker/define/change-found.ts'
import { actReason } from '#lib/broker/use-case/fields.ts'
import { enqueueReconcileForPerson } from '#lib/db/enqueue-reconcile.ts'
import { findAccount } from '#lib/db/find-account.ts'
import { markReactivated } from '#lib/db/mark-person.ts'

export const reactivatePersonInput = z.strictObject({ id: z.uuid(), reason: actReason })

/**
 * Lets a deactivated person sign in again, with what they still own and were given. Sessions and credentials that
 * ended stay ended.
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
        about({ detail: { spaces: await enqueueReconcileForPerson(tx, id, ctx.clock()) } })
      },
      already: undefined,
    }
  },
})
