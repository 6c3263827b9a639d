import { z } from 'zod'

/** When a page was made, as its scripts send it: milliseconds since the epoch. */
export const pageTime = z
  .string()
  .regex(/^\d{1,14}$/)
  .transform((ms) => new Date(Number(ms)))
