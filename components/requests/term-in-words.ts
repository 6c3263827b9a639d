import { timeInFull } from '#components/ui/time/time-in-words.ts'
import { minutesInWords, termOf } from '#lib/kernel/model/access/role-term.ts'
import type { RolePayload } from '#lib/kernel/model/requests/access-request.ts'

/** @returns the duration of a requested role, and its start if scheduled: "for 7 days, from 1 Dec 2026, 08:00 UTC" */
export function termInWords(asked: RolePayload): string {
  const { minutes, startsAt } = termOf(asked)
  const lasts = minutes === null ? 'with no end date' : `for ${minutesInWords(minutes)}`
  return startsAt ? `${lasts}, from ${timeInFull(startsAt, false)}` : lasts
}
