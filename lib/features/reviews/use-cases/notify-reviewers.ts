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
/** Counting all lines of a large review may take long on a busy database. */
const batchMs = 15_000

/**
 * Looks after the reviews in which people decide: says who is to decide as things are now, tells whoever hasn’t been told,
 * and reminds those who still have to. Nobody is told the same twice, however many workers do so.
 */
export async function lookAfterReviews(ctx: SystemContext): Promise<void> {
  for (const review of await inTransaction(ctx.db, selectOpenReviews)) {
    await inTransaction(ctx.db, (tx) => assignReviewers(tx, review.id, null), batchMs)
    await tell(ctx, review, null)
    const days = dueReminder(review, ctx.clock())
    if (days === null) continue
    await tell(ctx, review, days)
    await inTransaction(ctx.db, (tx) => markReminded(tx, review.id, days))
  }
}

/** Tells those for whom lines of a review wait that it has started. */
export async function notifyReviewers(ctx: SystemContext, id: string): Promise<void> {
  const review = (await inTransaction(ctx.db, selectOpenReviews)).find((one) => one.id === id)
  if (review) await tell(ctx, review, null)
}

/** @param left days until its end; null: it has started */
async function tell(ctx: SystemContext, review: OpenReview, left: number | null): Promise<void> {
  const { id, name, undecided } = review
  const dueAt = review.dueAt.toISOString()
  // Who is reminded anew after an extension hasn’t been reminded of that end.
  const key = left === null ? `review:${id}` : `review:${id}:${dueAt}:${left}`
  for (let told = maxPeople; told === maxPeople; )
    told = await inTransaction(
      ctx.db,
      async (tx) => {
        const issuers = await issuersInUse(ctx, tx)
        const people = await selectReviewersToNotify(tx, id, { key, issuers, limit: maxPeople })
        const events = people.map(({ userId: to, lines }) => ({
          to,
          event: { kind: 'review-waiting' as const, review: id, name, lines, dueAt, left, undecided },
          spaceId: null,
          dedupeKey: key,
        }))
        await insertInboxEvents(tx, events, ctx.clock())
        return people.length
      },
      batchMs,
    )
}
