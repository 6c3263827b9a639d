import { z } from 'zod'
import { unmarkAdmin } from '#lib/features/people/db/mark-admin.ts'
import { findAccount } from '#lib/kernel/db/people/find-person.ts'
import { changeFound } from '#lib/kernel/define/change-found.ts'
import { actReason } from '#lib/kernel/use-case/fields.ts'
import { nameOf, notifyPeople } from '#lib/kernel/use-case/notify-people.ts'

export const endAdminRoleInput = z.strictObject({ id: z.uuid(), reason: actReason })

/**
 * Ends a person's activated platform admin role, or the break-glass account's, before it expires. Notifies them with
 * the admin's name and reason.
 * @throws AppError not_found
 */
export const endAdminRole = changeFound({
  by: { permission: 'end-admin-role' },
  action: 'admin-role.end',
  endsAccess: true,
  kind: 'person',
  input: endAdminRoleInput,
  find: (db, _ctx, id) => findAccount(db, id),
  holds: ({ id }) => ({ people: [id], spaceId: null }),
  prepare: function prepareEndAdminRole({ ctx, found, input: { id, reason }, about }) {
    about({ target: { kind: 'person', id, name: found.handle }, detail: { reason } })
    return {
      write: async function writeEndAdminRole({ tx, undo }) {
        if (!(await unmarkAdmin(tx, id, ctx.clock()))) undo()
        await notifyPeople(ctx, tx, { kind: 'admin-role-ended', by: nameOf(ctx.actor), reason }, { to: [id] })
      },
      already: undefined,
    }
  },
})
