import { z } from 'zod'

/** A search for what has the text in its name. */
export const nameSearch = z.strictObject({
  text: z
    .string()
    .trim()
    .min(1)
    .max(100)
    // Postgres stores no NUL.
    .regex(/^[^\0]*$/),
})
