import { z } from 'zod'
import { verifyTrailInput } from '#lib/features/audit/use-cases/verify-trail.ts'
import { isDay } from '#lib/kernel/model/calendar.ts'
import { dayMs } from '#lib/kernel/model/duration.ts'

const day = z
  .string()
  .refine((text) => text === '' || isDay(text), 'Choose a day.')
  .default('')

/** The days of the form, in UTC. Both count in full; an empty day sets no limit. */
export const verifyTrailForm = z.strictObject({ from: day, to: day }).pipe(
  z.preprocess((given) => {
    const { from, to } = given as { from: string; to: string }
    return { fromAt: from === '' ? null : new Date(from), toAt: to === '' ? null : new Date(Date.parse(to) + dayMs) }
  }, verifyTrailInput),
)
