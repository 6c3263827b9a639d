import { z } from 'zod'
import { markAllEventsRead } from '#lib/features/inbox/db/inbox-events.ts'
import { changePlatform } from '#lib/kernel/define/change-platform.ts'

/** When the person saw the list: what came later stays unread. */
export const markAllReadInput = z.strictObject({ until: z.iso.datetime() })

/** Marks everything in one's own inbox as read. */
export const markAllRead = changePlatform({
  permission: 'mark-read',
  action: 'inbox.read',
  input: markAllReadInput,
  about: ({ until }) => ({ target: { kind: 'portal' }, detail: { until } }),
  prepare: ({ ctx, input: { until } }) => ({
    async write({ tx, undo }) {
      if ((await markAllEventsRead(tx, ctx.actor.userId, new Date(until))) === 0) undo()
    },
    already: undefined,
  }),
})
