import { z } from 'zod'
import { lockReviewSchedule, saveReviewSchedule } from '#lib/features/reviews/db/review-schedule.ts'
import { changePlatform } from '#lib/kernel/define/change-platform.ts'
import { isDay } from '#lib/kernel/model/calendar.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import { maxReviewDays, reviewRules, scheduleMonths } from '#lib/kernel/model/requests/review.ts'

const months = z
  .number()
  .refine((number) => scheduleMonths.some((one) => one === number), 'Choose one of the options.')
  .nullable()

export const scheduleReviewsInput = z.strictObject({
  months,
  nextOn: z.string().refine(isDay, 'Choose a day.'),
  dueDays: z.number().int().min(1, 'At least one day.').max(maxReviewDays, `At most ${maxReviewDays} days.`),
  undecided: z.enum(reviewRules),
})

/** The shortest month: a scheduled review must end before the next one starts. */
const leastDays = 28

/**
 * Sets or turns off the schedule of automatic reviews.
 * @throws AppError end_in_past for a first day that isn't after today; bad_input for reviews that would overlap
 */
export const scheduleReviews = changePlatform({
  permission: 'schedule-reviews',
  action: 'review.schedule',
  input: scheduleReviewsInput,
  about: () => ({ target: { kind: 'review' } }),
  prepare: function prepareScheduleReviews({ ctx, input, about }) {
    if (input.months !== null && input.dueDays > input.months * leastDays)
      throw new AppError('bad_input', {
        fields: { dueDays: 'The review would still be open when the next one starts.' },
      })
    if (input.nextOn <= ctx.clock().toISOString().slice(0, 10))
      throw new AppError('end_in_past', { fields: { nextOn: 'Choose a day after today.' } })
    return {
      write: async function writeScheduleReviews({ tx }) {
        const before = await lockReviewSchedule(tx)
        await saveReviewSchedule(tx, input)
        about({ detail: { before, after: input } })
      },
    }
  },
})
