import type { ReviewLine } from '#lib/features/reviews/model/review-view.ts'
import { shownOf } from '#lib/kernel/model/requests/review.ts'

/** @returns the form fields that identify lines and their content as shown */
export const givenOf = (lines: readonly ReviewLine[]) => ({
  ids: lines.map(({ id }) => id).join(','),
  shown: lines.map(({ kind, role, until }) => shownOf({ kind, role, endsAt: until })).join(','),
})
