import { z } from 'zod'

/** The number of a page in a list, from 1. Limited, because the database reads and skips the rows of earlier pages. */
export const pageNumber = z.number().int().min(1).max(1_000)
