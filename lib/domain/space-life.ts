/** What a space’s end may be changed to depends on: its end now, and until when it was approved (null: no such limit). */
type Life = { endsAt: Date | null; approvedUntil: Date | null }

/**
 * The one place that says when more life for a space needs approval: it was approved until a day, and is to live longer.
 * @param end the wished end; null: none
 */
export function lifeNeedsApproval({ endsAt, approvedUntil }: Life, end: Date | null): boolean {
  if (approvedUntil === null || (end !== null && end <= approvedUntil)) return false
  return end?.getTime() !== endsAt?.getTime()
}
