import { z } from 'zod'
import { markReviewClosing } from '#lib/features/reviews/db/close-review.ts'
import { changeFound } from '#lib/kernel/define/change-found.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import { actReason } from '#lib/kernel/use-case/fields.ts'
import { findFor } from './by-reviewer.ts'

export const endReviewInput = z.strictObject({ id: z.uuid(), reason: actReason })

/**
 * Ends a review early: decisions stop and the worker settles undecided lines, as on its last day.
 * @throws AppError not_found, review_closed
 */
export const endReview = changeFound({
  by: { permission: 'close-review' },
  action: 'review.end',
  kind: 'review',
  input: endReviewInput,
  find: findFor,
  prepare: function prepareEndReview({ found, input: { id, reason }, about }) {
    about({ target: { kind: 'review', id, name: found.name }, detail: { reason, undecided: found.undecided } })
    return {
      write: async function writeEndReview({ tx, now }) {
        if (!(await markReviewClosing(tx, id, { id: now.actor.userId, reason }))) throw new AppError('review_closed')
      },
    }
  },
})
