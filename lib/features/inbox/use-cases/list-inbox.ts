import { z } from 'zod'
import { selectInbox } from '#lib/features/inbox/db/inbox-events.ts'
import { type InboxRow, inboxCursor } from '#lib/features/inbox/model/inbox-view.ts'
import { eligibleDecider } from '#lib/features/requests/use-cases/may-decide.ts'
import { viewPlatform } from '#lib/kernel/define/view-platform.ts'

const pageSize = 25

/**
 * @returns a page of the person's events, newest first, and the cursor of the next page. What still waits for them is
 *   listed by listRequests, listWaitingReviews and listOffers instead.
 */
export const listInbox = viewPlatform({
  permission: 'list-inbox',
  input: z.strictObject({ before: inboxCursor.optional() }),
  read: async function readListInbox({ ctx, input: { before } }): Promise<{ rows: InboxRow[]; next: string | null }> {
    const after = before === undefined ? null : parse(before)
    const found = await selectInbox(ctx.pool, eligibleDecider(ctx), after, pageSize + 1)
    const page = found.slice(0, pageSize)
    const rows = page.flatMap(({ event, readAt, ...row }) =>
      event ? [{ ...row, event, unread: readAt === null }] : [],
    )
    const last = page.at(-1)
    return { rows, next: found.length > pageSize && last ? `${last.at.getTime()}_${last.id}` : null }
  },
})

function parse(cursor: string): { at: Date; id: string } {
  const at = cursor.indexOf('_')
  return { at: new Date(Number(cursor.slice(0, at))), id: cursor.slice(at + 1) }
}
