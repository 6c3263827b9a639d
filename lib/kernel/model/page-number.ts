import { z } from 'zod'

/** The number of a page, from 1. Limited, because the database reads the rows of earlier pages. */
export const pageNumber = z.number().int().min(1).max(1_000)
