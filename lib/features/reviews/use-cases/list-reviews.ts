import { z } from 'zod'
import { selectReviews, selectWaitingReviews } from '#lib/features/reviews/db/review-rows.ts'
import { readReviewSchedule } from '#lib/features/reviews/db/review-schedule.ts'
import type { ReviewRow, ReviewSchedule, WaitingReview } from '#lib/features/reviews/model/review-view.ts'
import { nothing, viewPlatform } from '#lib/kernel/define/view-platform.ts'

const pageSize = 25

type ReviewPage = { rows: ReviewRow[]; next: string | null; schedule: ReviewSchedule }

export const listReviewsInput = z.strictObject({ after: z.uuid().optional() })

/** @returns a page of all reviews, newest first, and the schedule, for auditors and platform admins */
export const listReviews = viewPlatform({
  permission: 'list-reviews',
  input: listReviewsInput,
  read: async function readListReviews({ ctx, input: { after } }): Promise<ReviewPage> {
    const [found, schedule] = await Promise.all([
      selectReviews(ctx.pool, { after, limit: pageSize + 1 }),
      readReviewSchedule(ctx.pool),
    ])
    const rows = found.slice(0, pageSize)
    return { rows, next: found.length > pageSize ? (rows.at(-1)?.id ?? null) : null, schedule }
  },
})

/** @returns the reviews with lines that wait for the person's decision */
export const listWaitingReviews = viewPlatform({
  permission: 'list-inbox',
  input: nothing,
  read: ({ ctx }): Promise<WaitingReview[]> =>
    selectWaitingReviews(ctx.pool, {
      userId: ctx.actor.userId,
      // Platform admins get them before activating their role too.
      isPlatformAdmin: ctx.actor.isEligible,
      at: ctx.clock(),
    }),
})
