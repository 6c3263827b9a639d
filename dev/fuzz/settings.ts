import { z } from 'zod'

/** How long and from where to fuzz: set by `npm run fuzz` (dev/fuzz.ts); without it, a short run that is always the same. */
export const fuzzSettings = z
  .object({
    seconds: z.coerce.number().positive().optional(),
    seed: z.coerce.number().int().default(20_261_125),
  })
  .parse({ seconds: process.env.SPACEPORT_FUZZ_SECONDS, seed: process.env.SPACEPORT_FUZZ_SEED })
