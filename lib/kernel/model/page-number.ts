import { z } from 'zod'

/** Which page of a list, from 1. The database skips the rows of those before it, so there is a limit. */
export const pageNumber = z.number().int().min(1).max(1_000)
