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

/** @returns a toast about the result of a decision on lines */
export function decidedInWords(decision: ReviewDecision, { decided, changed, ended, left }: DecisionResult): string {
  return [
    ...(decided > 0 || changed + ended === 0 ? [`${inNumber(decided, 'line')} ${done[decision]}.`] : []),
    ...(changed > 0 ? [`${changed} changed since the review started. Check again.`] : []),
    ...(ended > 0 ? [`${ended} had already ended.`] : []),
    ...(left > 0 ? [`${left} skipped: you can’t decide on them, or not this way.`] : []),
    ...(decided + changed + ended + left >= maxDecided
      ? ['This is the limit per decision. Check whether more lines match.']
      : []),
  ].join(' ')
}
