import type { DecisionResult } from '#lib/features/reviews/model/review-view.ts'
import { inNumber } from '#lib/kernel/model/in-number.ts'
import type { ReviewDecision } from '#lib/kernel/model/requests/review.ts'
import { maxDecided } from '#lib/kernel/model/requests/review.ts'

const done: Readonly<Record<ReviewDecision, string>> = {
  keep: 'kept',
  revoke: 'revoked',
  lower: 'lowered',
  flag: 'flagged',
}

/** @returns what became of an act on lines, for a toast */
export function decidedInWords(decision: ReviewDecision, { decided, changed, ended, left }: DecisionResult): string {
  return [
    ...(decided > 0 || changed + ended === 0 ? [`${inNumber(decided, 'line')} ${done[decision]}.`] : []),
    ...(changed > 0 ? [`${changed} changed since the review started: look again.`] : []),
    ...(ended > 0 ? [`${ended} had ended already.`] : []),
    ...(left > 0 ? [`${left} left alone: not for you to decide, or not in this way.`] : []),
    ...(decided + changed + ended + left >= maxDecided
      ? ['That is the most at once: look whether there are more.']
      : []),
  ].join(' ')
}
