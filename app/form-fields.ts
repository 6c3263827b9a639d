import { z } from 'zod'
import { openEnd } from '#components/requests/duration-options.ts'
import { isDay } from '#lib/domain/calendar.ts'

/** A day as a form sends it, or none. A last day counts in full, in UTC. */
export const lastDay = z
  .string()
  .refine((day) => day === '' || isDay(day), 'Choose a day.')
  .transform((day) => (day === '' ? null : new Date(`${day}T23:59:59Z`)))

/** A lifetime in hours. */
export const hours = z
  .string()
  .regex(/^\d{1,4}$/, 'Choose a lifetime.')
  .transform(Number)

/** A duration in days, or the word for no end. */
export const days = z
  .string()
  .regex(/^([1-9]\d{0,2}|open)$/, 'Choose a duration.')
  .transform((text) => (text === openEnd ? null : Number(text)))

/** @returns whether a form is a request with a reason. An action called by hand may get anything. */
export const asksWithReason = (form: unknown): boolean => form instanceof FormData && form.has('reason')
