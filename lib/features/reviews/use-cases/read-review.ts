import { z } from 'zod'
import { selectReviewerProgress, selectReviewLines } from '#lib/features/reviews/db/review-lines.ts'
import { readReviewDetail } from '#lib/features/reviews/db/review-rows.ts'
import {
  lineCursor,
  lineFilter,
  type ReviewDetail,
  type ReviewerProgress,
  type ReviewLine,
} from '#lib/features/reviews/model/review-view.ts'
import { viewFound } from '#lib/kernel/define/view-found.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import { decidePermission, roleStateOf } from '#lib/kernel/model/people/permission.ts'
import { byReader, findFor } from './by-reviewer.ts'
import { viewerOf } from './viewer-of.ts'

const pageSize = 50
const maxReviewers = 20

const readReviewInput = z.strictObject({ id: z.uuid(), filter: lineFilter, after: lineCursor.optional() })

const unnamed = { spaces: [], people: [] }

type ReviewPage = {
  review: ReviewDetail
  /** Whether the reader can decide on some lines, or on all that a filter finds. */
  decides: 'some' | 'all' | null
  lines: ReviewLine[]
  /** How many lines match the filter. */
  total: number
  next: string | null
  /** Null for people who see only their own lines. */
  reviewers: { rows: ReviewerProgress[]; more: boolean } | null
}

/**
 * @returns a review with a page of its lines: all lines for auditors and platform admins, for others only those they
 *   decide on
 * @throws AppError not_found
 */
export const readReview = viewFound({
  by: byReader,
  input: readReviewInput,
  find: findFor,
  read: async function readReadReview({
    ctx,
    found: { isReviewer, state, dueAt },
    input: { id, filter, after },
  }): Promise<ReviewPage> {
    const viewer = viewerOf(ctx)
    const subject = { ...roleStateOf(ctx.actor), standing: null, isDecider: isReviewer }
    const isOpen = state === 'open' && dueAt > ctx.clock()
    const mayDecide = isOpen && decidePermission('decide-review', subject) === 'allowed'
    // An auditor who owns a space sees other lines too.
    const sees = viewer.readsAll && !viewer.isPlatformAdmin ? 'some' : 'all'
    const [review, page, progress] = await Promise.all([
      readReviewDetail(ctx.pool, id, viewer),
      selectReviewLines(ctx.pool, id, { viewer, filter, after, limit: pageSize + 1 }),
      viewer.readsAll ? selectReviewerProgress(ctx.pool, id, maxReviewers + 1) : null,
    ])
    if (!review) throw new AppError('not_found')
    const lines = page.lines.slice(0, pageSize)
    return {
      // Cluster results, scope and closer are only for admins and auditors.
      review: viewer.readsAll
        ? review
        : { ...review, clusters: [], closedBy: null, closeReason: null, scope: { ...review.scope, ...unnamed } },
      decides: mayDecide ? sees : null,
      lines,
      total: page.total,
      next: page.lines.length > pageSize ? (lines.at(-1)?.id ?? null) : null,
      reviewers: progress && { rows: progress.slice(0, maxReviewers), more: progress.length > maxReviewers },
    }
  },
})
