'use server'

import { revalidatePath } from 'next/cache'
import { redirect } from 'next/navigation'
import { reviewPath } from '#components/reviews/review-path.ts'
import { decideReview } from '#lib/features/reviews/use-cases/decide-review.ts'
import { endReview, endReviewInput } from '#lib/features/reviews/use-cases/end-review.ts'
import { extendReview } from '#lib/features/reviews/use-cases/extend-review.ts'
import { scheduleReviews } from '#lib/features/reviews/use-cases/schedule-reviews.ts'
import { startReview } from '#lib/features/reviews/use-cases/start-review.ts'
import { brokerAction } from '#lib/web/action/broker-action.ts'
import { formOf } from '#lib/web/action/form-of.ts'
import { decidedInWords } from './decided-in-words.ts'
import { decideReviewForm, extendReviewForm, scheduleReviewsForm, startReviewForm } from './review-forms.ts'

const refresh = () => revalidatePath('/admin/reviews', 'layout')

/** Starts a review, then shows it. */
export const startReviewAction = brokerAction({
  name: 'start-review',
  input: startReviewForm,
  useCase: startReview,
  after: ({ id }) => {
    refresh()
    redirect(reviewPath(id))
  },
})

/** Sets the schedule of reviews. */
export const scheduleReviewsAction = brokerAction({
  name: 'schedule-reviews',
  input: scheduleReviewsForm,
  useCase: scheduleReviews,
  after: () => {
    refresh()
    return { message: 'Schedule saved.' }
  },
})

/** Decides on one or more lines. */
export const decideReviewAction = brokerAction({
  name: 'decide-review',
  input: decideReviewForm,
  useCase: decideReview,
  after: (result, { decision }) => {
    refresh()
    return { message: decidedInWords(decision, result) }
  },
})

export const extendReviewAction = brokerAction({
  name: 'extend-review',
  input: extendReviewForm,
  useCase: extendReview,
  after: () => {
    refresh()
    return { message: 'Review extended.' }
  },
})

export const endReviewAction = brokerAction({
  name: 'close-review',
  input: formOf(endReviewInput, {}),
  useCase: endReview,
  after: () => {
    refresh()
    return { message: 'The review is being closed.' }
  },
})
