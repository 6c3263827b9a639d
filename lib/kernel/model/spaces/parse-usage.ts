import { z } from 'zod'
import type { QuotaUsage } from './space-inside.ts'

const usage = z.array(z.object({ resource: z.string(), used: z.string(), hard: z.string(), ratio: z.number() }))

/** @returns a space's stored quota usage, typed; @throws ZodError when we didn't write it */
export const parseUsage = (stored: unknown): QuotaUsage[] => usage.parse(stored)
