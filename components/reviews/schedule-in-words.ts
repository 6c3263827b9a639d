import { dayInFull } from '#components/ui/time/time-in-words.ts'
import type { ReviewSchedule } from '#lib/features/reviews/model/review-view.ts'
import { inNumber } from '#lib/kernel/model/in-number.ts'
import { ruleInWords } from './review-words.ts'

export const monthsInWords = (months: number): string =>
  months === 1 ? 'Every month' : months === 12 ? 'Every year' : `Every ${months} months`

/** @returns the schedule as a sentence */
export const scheduleInWords = ({ months, nextOn, dueDays, undecided }: ReviewSchedule): string =>
  months === null
    ? 'No reviews are scheduled.'
    : `${monthsInWords(months)}, next on ${dayInFull(new Date(nextOn))}, for all spaces. Owners get ${inNumber(dueDays, 'day')} to decide; undecided access ${ruleInWords(undecided)}.`
