import { z } from 'zod'
import type { QuotaUsage } from './space-inside.ts'

const usage = z.array(z.object({ resource: z.string(), used: z.string(), hard: z.string(), ratio: z.number() }))

/** @returns a space's usage of its quota as it is stored, typed; @throws ZodError when it is not what was written */
export const parseUsage = (stored: unknown): QuotaUsage[] => usage.parse(stored)
