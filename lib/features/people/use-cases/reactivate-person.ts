import { z } from 'zod'
import { closeOffboarding } from '#lib/features/people/db/close-offboarding.ts'
import { findAccount } from '#lib/kernel/db/people/find-person.ts'
import { markReactivated } from '#lib/kernel/db/people/mark-person.ts'
import { enqueueReconcileForPerson } from '#lib/kernel/db/spaces/enqueue-reconcile.ts'
import { changeFound } from '#lib/kernel/define/change-found.ts'
import { actReason } from '#lib/kernel/use-case/fields.ts'

export const reactivatePersonInput = z.strictObject({ id: z.uuid(), reason: actReason })

/**
 * Lets a deactivated person sign in again, with their remaining spaces and roles; offboarded people have none. Ended
 * sessions and revoked credentials are not restored.
 * @throws AppError not_found
 */
export const reactivatePerson = changeFound({
  by: { permission: 'reactivate-person' },
  action: 'person.reactivate',
  kind: 'person',
  input: reactivatePersonInput,
  find: (db, _ctx, id) => findAccount(db, id),
  holds: ({ id }) => ({ people: [id], spaceId: null }),
  prepare: function prepareReactivatePerson({ ctx, found, input: { id, reason }, about }) {
    about({ target: { kind: 'person', id, name: found.handle }, detail: { reason } })
    if (!found.deactivatedAt) return { result: undefined }
    return {
      write: async function writeReactivatePerson({ tx, undo }) {
        if (!(await markReactivated(tx, id))) undo()
        const wasOffboarded = await closeOffboarding(tx, id, ctx.clock())
        const spaces = await enqueueReconcileForPerson(tx, id, ctx.clock())
        about({ detail: { spaces: spaces.length, ...(wasOffboarded && { wasOffboarded }) } })
      },
      already: undefined,
    }
  },
})
