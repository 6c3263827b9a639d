import { randomUUID } from 'node:crypto'
import { markDueReviewsClosing } from '#lib/features/reviews/db/close-review.ts'
import { insertReview } from '#lib/features/reviews/db/review-rows.ts'
import { lockReviewSchedule, readReviewSchedule, saveNextReview } from '#lib/features/reviews/db/review-schedule.ts'
import {
  addLinesOfSpaces,
  lockStartingReview,
  markReviewOpen,
  type StartingReview,
} from '#lib/features/reviews/db/snapshot-review.ts'
import { nextStart } from '#lib/features/reviews/model/review-schedule.ts'
import type { Tx } from '#lib/kernel/db/client.ts'
import { inTransaction } from '#lib/kernel/db/in-transaction.ts'
import { dayMs } from '#lib/kernel/model/duration.ts'
import { isAppError } from '#lib/kernel/model/errors.ts'
import { dueOnceOpen, wholeScope } from '#lib/kernel/model/requests/review.ts'
import type { SystemContext } from '#lib/kernel/use-case/context.ts'
import { writeSystemEvent } from '#lib/kernel/use-case/write-system-event.ts'
import { closeNext } from './close-reviews.ts'
import { notifyReviewers } from './notify-reviewers.ts'

/** Spaces per transaction. */
const batch = 500
const batchMs = 30_000
/** Time limit of one run, so that a worker can stop. */
const runMs = 5_000

/**
 * Starts the scheduled review if it is due, fills starting reviews and closes ended ones. Each batch commits its
 * progress, so any worker can continue after a restart and several can run at once.
 * @returns the number of batches
 */
export async function advanceReviews(ctx: SystemContext): Promise<number> {
  await startScheduled(ctx)
  await inTransaction(ctx.db, (tx) => markDueReviewsClosing(tx, ctx.clock()))
  const until = performance.now() + runMs
  for (let batches = 0; ; batches++)
    if (performance.now() >= until || !((await fillNext(ctx)) || (await closeNext(ctx)))) return batches
}

const today = (ctx: SystemContext): string => ctx.clock().toISOString().slice(0, 10)

async function startScheduled(ctx: SystemContext): Promise<void> {
  const { months, nextOn } = await readReviewSchedule(ctx.pool)
  if (months === null || nextOn > today(ctx)) return
  await inTransaction(ctx.db, async (tx) => {
    const schedule = await lockReviewSchedule(tx)
    // Another worker was first, or the schedule was turned off.
    if (schedule.months === null || schedule.nextOn > today(ctx)) return
    const at = ctx.clock()
    const { dueDays, undecided } = schedule
    const dueAt = new Date(Date.parse(`${today(ctx)}T23:59:59Z`) + dueDays * dayMs)
    const { id, name } = await insertNamed(ctx, tx, { undecided, at, dueAt })
    await saveNextReview(tx, nextStart(schedule.nextOn, schedule.months, today(ctx)))
    await writeSystemEvent(ctx, tx, {
      action: 'review.start',
      target: { kind: 'review', id, name },
      destination: 'portal',
      detail: { scheduled: schedule.nextOn, undecided, dueAt: dueAt.toISOString() },
    })
  })
}

/** Adds a number if the name is taken. */
async function insertNamed(
  ctx: SystemContext,
  tx: Tx,
  given: { undecided: 'keep' | 'revoke'; at: Date; dueAt: Date },
): Promise<{ id: string; name: string }> {
  const id = randomUUID()
  for (let number = 1; ; number++) {
    const name = `Scheduled review ${today(ctx)}${number > 1 ? ` (${number})` : ''}`
    try {
      await insertReview(tx, { id, name, scope: wholeScope, byId: null, ...given }, ctx.clusters.names)
      return { id, name }
    } catch (error) {
      if (!isAppError(error, 'review_exists')) throw error
    }
  }
}

async function fillNext(ctx: SystemContext): Promise<boolean> {
  const filled = await inTransaction(
    ctx.db,
    async (tx) => {
      const review = await lockStartingReview(tx)
      if (!review) return null
      const isFull = (await addLinesOfSpaces(tx, review, batch)) < batch
      if (isFull) await open(ctx, tx, review)
      return { id: review.id, isFull }
    },
    batchMs,
  )
  if (filled?.isFull) await notifyReviewers(ctx, filled.id)
  return filled !== null
}

async function open(ctx: SystemContext, tx: Tx, review: StartingReview): Promise<void> {
  const { id, name, dueAt } = review
  const at = ctx.clock()
  const after = dueOnceOpen(review, at)
  await markReviewOpen(tx, id, at, after)
  if (after <= dueAt) return
  await writeSystemEvent(ctx, tx, {
    action: 'review.extend',
    target: { kind: 'review', id, name },
    destination: 'portal',
    detail: { before: dueAt.toISOString(), after: after.toISOString(), reason: 'It opened late.' },
  })
}
