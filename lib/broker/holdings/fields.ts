import { z } from 'zod'

/** A person’s handle, as somebody may have typed it. */
export const handle = z
  .string()
  .trim()
  .min(1, 'Write the person’s handle.')
  .max(60)
  .regex(/^[^\0]*$/)
