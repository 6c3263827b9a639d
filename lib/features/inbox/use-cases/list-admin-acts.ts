import { z } from 'zod'
import { selectAdminActs } from '#lib/features/inbox/db/select-admin-acts.ts'
import { nothing, viewPlatform } from '#lib/kernel/define/view-platform.ts'

/** The space; omitted: all. */
const listAdminActsInput = z.uuid().or(nothing)

/** @returns unread actions by platform admins on the person's spaces, newest first, at most 20 */
export const listAdminActs = viewPlatform({
  permission: 'list-inbox',
  input: listAdminActsInput,
  read: ({ ctx, input }) => selectAdminActs(ctx.pool, ctx.actor.userId, input ?? null),
})
