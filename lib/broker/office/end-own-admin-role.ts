import { z } from 'zod'
import { changePlatform } from '#lib/broker/define/change-platform.ts'
import { unmarkAdmin } from '#lib/db/mark-admin.ts'

export const endOwnAdminRoleInput = z.strictObject({})

/** Ends the person’s own role as platform admin before its time. They can activate it again. */
export const endOwnAdminRole = changePlatform({
  permission: 'end-own-admin-role',
  action: 'admin-role.end',
  endsAccess: true,
  input: endOwnAdminRoleInput,
  about: (_, { actor }) => ({ target: { kind: 'person', id: actor.userId, name: actor.handle } }),
  prepare: ({ ctx }) => ({
    async write({ tx, undo }) {
      if (!(await unmarkAdmin(tx, ctx.actor.userId, ctx.clock()))) undo()
    },
    already: undefined,
  }),
})
