import { z } from 'zod'
import { selectInboxSince } from '#lib/features/inbox/db/inbox-events.ts'
import { eventPath, eventSentence, isAlarm } from '#lib/features/inbox/model/event-sentences.ts'
import type { NotifiedEvent } from '#lib/features/inbox/model/notification-message.ts'
import { viewPlatform } from '#lib/kernel/define/view-platform.ts'

/** Above this number, the person is referred to the inbox. */
const maxNews = 20

/** @returns the person's unread events, and those about their tasks, since an instant, newest first, for notifications */
export const readNews = viewPlatform({
  permission: 'list-inbox',
  input: z.strictObject({ since: z.date() }),
  read: async function readReadNews({ ctx, input: { since } }): Promise<NotifiedEvent[]> {
    const found = await selectInboxSince(ctx.pool, ctx.actor.userId, since, maxNews)
    return found.flatMap(({ id, at, readAt, event }) =>
      // An event about a task is stored as read, at the time when it was created. It is news too.
      event && (readAt === null || readAt.getTime() === at.getTime())
        ? [
            {
              id,
              at: at.getTime(),
              sentence: eventSentence(event),
              path: eventPath(event, ctx.clusters.defaultName),
              isAlarm: isAlarm(event),
            },
          ]
        : [],
    )
  },
})
