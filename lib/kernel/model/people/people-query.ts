import { z } from 'zod'
import { dayMs } from '#lib/kernel/model/duration.ts'

export const personStates = [
  'active',
  'signed-in-7',
  'deactivated',
  'offboarded',
  'unproven',
  'unseen-30',
  'unseen-90',
] as const
export type PersonState = (typeof personStates)[number]

const text = (max: number) =>
  z
    .string()
    .trim()
    .max(max)
    .regex(/^[^\0]*$/)
    .optional()

/** Filters for the list of people. Its URL and its use case take their limits from here. */
export const peopleQuery = z.strictObject({
  search: text(100),
  /**
   * `signed-in-7`: active, and signed in within 7 days; `unproven`: offboarded, with the certificate still open;
   * `unseen-30`: active, but not seen for 30 days.
   */
  state: z.enum(personStates).optional(),
  group: text(1_024),
  /** The page starts after this handle. */
  after: z
    .string()
    .max(60)
    .regex(/^[^\0]*$/)
    .optional(),
})
export type PeopleQuery = z.infer<typeof peopleQuery>

/** @returns since when all people in a state have signed in; null if the state doesn't depend on that */
export const signedInSince = (state: PersonState, now: Date): Date | null =>
  state === 'signed-in-7' ? new Date(now.getTime() - 7 * dayMs) : null

/** @returns since when no person in a state was seen; null if the state doesn't depend on that */
export function unseenSince(state: PersonState, now: Date): Date | null {
  if (state !== 'unseen-30' && state !== 'unseen-90') return null
  return new Date(now.getTime() - (state === 'unseen-30' ? 30 : 90) * dayMs)
}
