import { z } from 'zod'
import { selectAdminActs } from '#lib/features/inbox/db/select-admin-acts.ts'
import { nothing, viewPlatform } from '#lib/kernel/define/view-platform.ts'

/** The space that they are about; left out: all. */
const listAdminActsInput = z.uuid().or(nothing)

/** @returns what platform admins did to the person's spaces, until they have read it; newest first, at most 20 */
export const listAdminActs = viewPlatform({
  permission: 'list-inbox',
  input: listAdminActsInput,
  read: ({ ctx, input }) => selectAdminActs(ctx.pool, ctx.actor.userId, input ?? null),
})
