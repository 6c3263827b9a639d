import { z } from 'zod'

/** The duration and the seed: set by `npm run fuzz` (dev/fuzz.ts); the default is a short, repeatable run. */
export const fuzzSettings = z
  .object({
    seconds: z.coerce.number().positive().optional(),
    seed: z.coerce.number().int().default(20_261_125),
  })
  .parse({ seconds: process.env.SPACEPORT_FUZZ_SECONDS, seed: process.env.SPACEPORT_FUZZ_SEED })
