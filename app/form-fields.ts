import { z } from 'zod'
import { exactDuration, openEnd } from '#components/requests/duration-options.ts'
import { isDay } from '#lib/kernel/model/calendar.ts'

/** An optional day from a form. A last day includes the whole day, in UTC. */
export const lastDay = z
  .string()
  .refine((day) => day === '' || isDay(day), 'Choose a day.')
  .transform((day) => (day === '' ? null : new Date(`${day}T23:59:59Z`)))

export const hours = z
  .string()
  .regex(/^\d{1,4}$/, 'Choose a lifetime.')
  .transform(Number)

/** A duration in minutes. */
export const wholeMinutes = z
  .string()
  .regex(/^\d{1,4}$/, 'Choose a duration.')
  .transform(Number)

/** A duration in minutes, or the word for no end. */
export const minutes = z
  .string()
  .regex(/^([1-9]\d{0,5}|open)$/, 'Choose a duration.')
  .transform((text) => (text === openEnd ? null : Number(text)))

/** A start that is always refused. */
const longAgo = new Date(0)

const minutesPer = { minutes: 1, hours: 60, days: 1_440 } as const

/** The fields of components/requests/role-term-fields.tsx. */
export const roleTermFields = {
  minutes: z.union([minutes, z.literal(exactDuration)]).optional(),
  amount: z.string().optional(),
  unit: z.enum(['minutes', 'hours', 'days']).optional(),
  start: z.enum(['approval', 'later']).optional(),
  startsAt: z.string().optional(),
}

/**
 * @returns the term that the fields describe; unreadable values become ones that the use case refuses with a message
 */
export function roleTermOf({ minutes, amount, unit, start, startsAt }: z.infer<z.ZodObject<typeof roleTermFields>>) {
  const exact = /^\d{1,6}$/.test(amount ?? '') ? Number(amount) * minutesPer[unit ?? 'minutes'] : 0
  const isInstant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?$/.test(startsAt ?? '')
  const later = isInstant ? new Date(`${startsAt}Z`) : longAgo
  return {
    minutes: minutes === exactDuration ? exact : minutes,
    startsAt: start === 'later' ? later : null,
  }
}

/** @returns whether a form is a request with a reason. A forged call may pass any value. */
export const asksWithReason = (form: unknown): boolean => form instanceof FormData && form.has('reason')

/** Several ids in one field, or one value about each. */
export const ids = z.string().transform((text) => text.split(','))

/** Without scripts, a form sends the default cluster as an empty text. A forged call may pass any value. */
export function dropDefaultCluster(form: unknown): void {
  if (form instanceof FormData && form.get('cluster') === '') form.delete('cluster')
}
