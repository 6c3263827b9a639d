import { z } from 'zod'

/** A time as browsers send it, of a page or an event: milliseconds since the epoch. */
export const pageTime = z
  .string()
  .regex(/^\d{1,14}$/)
  .transform((ms) => new Date(Number(ms)))

/**
 * @param made when the page was made
 * @returns when the browser last heard of anything, where events’ ids are times: after a lost connection it says so
 *   itself (HTML standard, 9.2.4)
 */
export function heardUntil(headers: Headers, made: Date): Date {
  const { data: heard } = pageTime.safeParse(headers.get('last-event-id'))
  return heard && heard > made ? heard : made
}
