import { z } from 'zod'
import { isDay } from '#lib/domain/calendar.ts'

/** The hidden fields by which a form names its space; see components/spaces/space-fields.tsx. */
export const spaceFields = { space: z.string(), cluster: z.string().optional() }

/** @returns the space that a form names, as use cases take it */
export const spaceOf = ({ space, cluster }: { space: string; cluster?: string | undefined }) =>
  cluster ? { name: space, cluster } : { name: space }

/** A day as a form sends it, or nothing. What ends on a day ends with it, in UTC. */
export const lastDay = z
  .string()
  .refine((day) => day === '' || isDay(day), 'Choose a day.')
  .transform((day) => (day === '' ? null : new Date(`${day}T23:59:59Z`)))

/** @returns whether a form asks for something with a reason. Whoever calls an action by hand may send anything. */
export const asksWithReason = (form: unknown): boolean => form instanceof FormData && form.has('reason')
