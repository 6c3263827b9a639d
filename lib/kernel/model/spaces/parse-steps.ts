import { z } from 'zod'
import { createSteps, deleteSteps, type Step } from './space-status.ts'

const steps = z.array(
  z.object({
    name: z.enum([...createSteps, ...deleteSteps]),
    state: z.enum(['waiting', 'running', 'done', 'failed']),
    at: z.string().exactOptional(),
    code: z.string().exactOptional(),
    message: z.string().exactOptional(),
  }),
)

/** @returns a space's stored steps, typed; @throws ZodError when we didn't write them */
export const parseSteps = (stored: unknown): Step[] => steps.parse(stored)
