import { z } from 'zod'
import { extendReviewRow } from '#lib/features/reviews/db/review-rows.ts'
import { changeFound } from '#lib/kernel/define/change-found.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import { actReason } from '#lib/kernel/use-case/fields.ts'
import { assertDue } from './assert-due.ts'
import { findFor } from './by-reviewer.ts'
import { dueAt } from './fields.ts'

export const extendReviewInput = z.strictObject({ id: z.uuid(), dueAt, reason: actReason })

/**
 * Gives a review a later end. Reviewers are reminded again before it.
 * @throws AppError not_found, review_closed, end_in_past; bad_input for a day that isn't later, or too late
 */
export const extendReview = changeFound({
  by: { permission: 'extend-review' },
  action: 'review.extend',
  kind: 'review',
  input: extendReviewInput,
  find: findFor,
  prepare: function prepareExtendReview({ ctx, found, input: { id, dueAt: due, reason }, about }) {
    const before = found.dueAt.toISOString()
    about({ target: { kind: 'review', id, name: found.name }, detail: { before, after: due.toISOString(), reason } })
    if (due <= found.dueAt)
      throw new AppError('bad_input', { fields: { dueAt: 'Choose a day after the current end.' } })
    assertDue(ctx.clock(), ctx.clock(), due)
    return {
      write: async function writeExtendReview({ tx, now }) {
        if (!(await extendReviewRow(tx, id, due, now.clock()))) throw new AppError('review_closed')
      },
    }
  },
})
