import { z } from 'zod'
import { changeFound } from '#lib/broker/define/change-found.ts'
import { actReason } from '#lib/broker/use-case/fields.ts'
import { extendReviewRow } from '#lib/db/extend-review-row.ts'
import { AppError } from '#lib/domain/errors.ts'
import { assertDue } from './assert-due.ts'
import { findFor } from './by-reviewer.ts'
import { dueAt } from './fields.ts'

export const extendReviewInput = z.strictObject({ id: z.uuid(), dueAt, reason: actReason })

/**
 * Gives a review a later end. Reviewers are reminded anew before that.
 * @throws AppError not_found, review_closed, end_in_past; bad_input for a day that isn’t later, or too late
 */
export const extendReview = changeFound({
  by: { permission: 'extend-review' },
  action: 'review.extend',
  kind: 'review',
  input: extendReviewInput,
  find: findFor,
  prepare({ ctx, found, input: { id, dueAt: due, reason }, about }) {
    const before = found.dueAt.toISOString()
    about({ target: { kind: 'review', id, name: found.name }, detail: { before, after: due.toISOString(), reason } })
    if (due <= found.dueAt) throw new AppError('bad_input', { fields: { dueAt: 'Choose a later day than now.' } })
    assertDue(ctx.clock(), ctx.clock(), due)
    return {
      async write({ tx, now }) {
        if (!(await extendReviewRow(tx, id, due, now.clock()))) throw new AppError('review_closed')
      },
    }
  },
})
