import { z } from 'zod'
import { selectOfficeEvents } from '#lib/features/inbox/db/select-platform-role-events.ts'
import { nothing, viewPlatform } from '#lib/kernel/define/view-platform.ts'

/** The space that they are about; left out: all. */
const listOfficeEventsInput = z.uuid().or(nothing)

/** @returns what platform admins did to the person's spaces, until they have read it; newest first, at most 20 */
export const listOfficeEvents = viewPlatform({
  permission: 'list-inbox',
  input: listOfficeEventsInput,
  read: ({ ctx, input }) => selectOfficeEvents(ctx.pool, ctx.actor.userId, input ?? null),
})
