import { z } from 'zod'
import { changeFound } from '#lib/broker/define/change-found.ts'
import { actReason } from '#lib/broker/use-case/fields.ts'
import { markReviewClosing } from '#lib/db/close-review.ts'
import { AppError } from '#lib/domain/errors.ts'
import { findFor } from './by-reviewer.ts'

export const endReviewInput = z.strictObject({ id: z.uuid(), reason: actReason })

/**
 * Ends a review early: nobody decides any more, and the worker settles what nobody decided about, as on its last day.
 * @throws AppError not_found, review_closed
 */
export const endReview = changeFound({
  by: { permission: 'close-review' },
  action: 'review.end',
  kind: 'review',
  input: endReviewInput,
  find: findFor,
  prepare({ found, input: { id, reason }, about }) {
    about({ target: { kind: 'review', id, name: found.name }, detail: { reason, undecided: found.undecided } })
    return {
      async write({ tx, now }) {
        if (!(await markReviewClosing(tx, id, { id: now.actor.userId, reason }))) throw new AppError('review_closed')
      },
    }
  },
})
