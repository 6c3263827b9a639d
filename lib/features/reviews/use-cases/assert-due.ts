import { dayMs } from '#lib/kernel/model/duration.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import { maxReviewDays } from '#lib/kernel/model/requests/review.ts'

/**
 * @param from the start or the time of an extension
 * @throws AppError end_in_past, bad_input
 */
export function assertDue(at: Date, from: Date, dueAt: Date): void {
  if (dueAt <= at) throw new AppError('end_in_past', { fields: { dueAt: 'The last day must be in the future.' } })
  if (dueAt.getTime() >= from.getTime() + (maxReviewDays + 1) * dayMs)
    throw new AppError('bad_input', { fields: { dueAt: `At most ${maxReviewDays} days from now.` } })
}
