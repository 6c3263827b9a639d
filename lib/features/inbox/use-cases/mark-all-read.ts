import { z } from 'zod'
import { markAllEventsRead } from '#lib/features/inbox/db/inbox-events.ts'
import { changePlatform } from '#lib/kernel/define/change-platform.ts'

/** When the person loaded the list: later events stay unread. */
export const markAllReadInput = z.strictObject({ until: z.iso.datetime() })

export const markAllRead = changePlatform({
  permission: 'mark-read',
  action: 'inbox.read',
  input: markAllReadInput,
  about: ({ until }) => ({ target: { kind: 'portal' }, detail: { until } }),
  prepare: ({ ctx, input: { until } }) => ({
    write: async function writeMarkAllRead({ tx, undo }) {
      if ((await markAllEventsRead(tx, ctx.actor.userId, new Date(until))) === 0) undo()
    },
    already: undefined,
  }),
})
