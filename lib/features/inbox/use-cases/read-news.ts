import { z } from 'zod'
import { selectInboxSince } from '#lib/features/inbox/db/inbox-events.ts'
import { eventPath, eventSentence } from '#lib/features/inbox/model/event-sentences.ts'
import type { NotifiedEvent } from '#lib/features/inbox/model/notification-message.ts'
import { viewPlatform } from '#lib/kernel/define/view-platform.ts'
import { isOpenTask } from '#lib/kernel/model/inbox/event.ts'

/** Of more at once, the inbox tells. */
const maxNews = 20

/** @returns what happened to the person since an instant and they haven’t read, newest first, as it is said in passing */
export const readNews = viewPlatform({
  permission: 'list-inbox',
  input: z.strictObject({ since: z.date() }),
  async read({ ctx, input: { since } }): Promise<NotifiedEvent[]> {
    const found = await selectInboxSince(ctx.pool, ctx.actor.userId, since, maxNews)
    return found.flatMap(({ id, at, readAt, event }) =>
      // What waits is counted while it waits: its event is read from the start.
      event && (readAt === null || isOpenTask(event.kind))
        ? [{ id, at: at.getTime(), sentence: eventSentence(event), path: eventPath(event, ctx.clusters.defaultName) }]
        : [],
    )
  },
})
