import { z } from 'zod'
import { unmarkAdmin } from '#lib/features/people/db/mark-admin.ts'
import { changePlatform } from '#lib/kernel/define/change-platform.ts'

export const endOwnAdminRoleInput = z.strictObject({})

/** Ends the person’s own platform admin role before it expires. They can activate it again. */
export const endOwnAdminRole = changePlatform({
  permission: 'end-own-admin-role',
  action: 'admin-role.end',
  endsAccess: true,
  input: endOwnAdminRoleInput,
  about: (_, { actor }) => ({ target: { kind: 'person', id: actor.userId, name: actor.handle } }),
  prepare: ({ ctx }) => ({
    write: async function writeEndOwnAdminRole({ tx, undo }) {
      if (!(await unmarkAdmin(tx, ctx.actor.userId, ctx.clock()))) undo()
    },
    already: undefined,
  }),
})
