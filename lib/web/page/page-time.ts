import { z } from 'zod'

/** The time of a page or an event, as browsers send it: milliseconds since the epoch. */
export const pageTime = z
  .string()
  .regex(/^\d{1,14}$/)
  .transform((ms) => new Date(Number(ms)))

/**
 * @param made when the page was made
 * @returns when the browser last received an event. Event ids are times, which a browser sends after a lost connection
 *   (HTML standard, 9.2.4)
 */
export function lastEventTime(headers: Headers, made: Date): Date {
  const { data: heard } = pageTime.safeParse(headers.get('last-event-id'))
  return heard && heard > made ? heard : made
}
