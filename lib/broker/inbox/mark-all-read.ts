import { z } from 'zod'
import { changePlatform } from '#lib/broker/define/change-platform.ts'
import { markAllEventsRead } from '#lib/db/mark-events-read.ts'

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
