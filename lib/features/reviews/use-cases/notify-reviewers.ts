import {
  markReminded,
  type OpenReview,
  selectOpenReviews,
  selectReviewersToNotify,
} from '#lib/features/reviews/db/review-reviewers.ts'
import { assignReviewers } from '#lib/features/reviews/db/snapshot-review.ts'
import { inTransaction } from '#lib/kernel/db/in-transaction.ts'
import { insertInboxEvents } from '#lib/kernel/db/inbox/insert-inbox-events.ts'
import { dueReminder } from '#lib/kernel/model/requests/review.ts'
import type { SystemContext } from '#lib/kernel/use-case/context.ts'
import { issuersInUse } from '#lib/kernel/use-case/issuers-in-use.ts'

const maxPeople = 500
/** Counting the lines of a large review may take long on a busy database. */
const batchMs = 15_000

/**
 * For each open review: updates the reviewers, notifies new ones and reminds those with undecided lines. Each
 * notification is sent once, however many workers run.
 */
export async function remindReviewers(ctx: SystemContext): Promise<void> {
  for (const review of await inTransaction(ctx.db, selectOpenReviews)) {
    await inTransaction(ctx.db, (tx) => assignReviewers(tx, review.id, null), batchMs)
    await notify(ctx, review, null)
    const days = dueReminder(review, ctx.clock())
    if (days === null) continue
    await notify(ctx, review, days)
    await inTransaction(ctx.db, (tx) => markReminded(tx, review.id, days))
  }
}

export async function notifyReviewers(ctx: SystemContext, id: string): Promise<void> {
  const review = (await inTransaction(ctx.db, selectOpenReviews)).find((one) => one.id === id)
  if (review) await notify(ctx, review, null)
}

/** @param left days until its end; null: it has started */
async function notify(ctx: SystemContext, review: OpenReview, left: number | null): Promise<void> {
  const { id, name, undecided } = review
  const dueAt = review.dueAt.toISOString()
  // The key includes the end, so an extension sends new reminders.
  const key = left === null ? `review:${id}` : `review:${id}:${dueAt}:${left}`
  for (let notified = maxPeople; notified === maxPeople; )
    notified = await inTransaction(
      ctx.db,
      async (tx) => {
        const issuers = await issuersInUse(ctx, tx)
        const people = await selectReviewersToNotify(tx, id, { key, issuers, limit: maxPeople })
        const events = people.map(({ userId: to, lines }) => ({
          to,
          event: { kind: 'review-waiting' as const, review: id, name, lines, dueAt, left, undecided },
          spaceId: null,
          isTask: true,
          dedupeKey: key,
        }))
        await insertInboxEvents(tx, events, ctx.clock())
        return people.length
      },
      batchMs,
    )
}
