import { shownOf } from '#lib/domain/review.ts'
import type { ReviewLine } from '#lib/domain/review-view.ts'

/** @returns the form fields that name lines, and what each says as it is shown */
export const givenOf = (lines: readonly ReviewLine[]) => ({
  ids: lines.map(({ id }) => id).join(','),
  shown: lines.map(({ kind, role, until }) => shownOf({ kind, role, endsAt: until })).join(','),
})
