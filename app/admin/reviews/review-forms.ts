import { z } from 'zod'
import { ids, lastDay } from '#app/form-fields.ts'
import { decideReviewInput } from '#lib/features/reviews/use-cases/decide-review.ts'
import { extendReviewInput } from '#lib/features/reviews/use-cases/extend-review.ts'
import { scheduleReviewsInput } from '#lib/features/reviews/use-cases/schedule-reviews.ts'
import { startReviewInput } from '#lib/features/reviews/use-cases/start-review.ts'
import { roles } from '#lib/kernel/model/access/role.ts'
import { formOf, formWith } from '#lib/web/action/form-of.ts'

/** Names in one field, separated by commas, spaces or line breaks. */
const names = z
  .string()
  .max(10_000)
  // Without a name, the review would cover everything.
  .refine((text) => text.trim() === '' || /[^\s,;]/.test(text), 'Enter a name.')
  .transform((text) => text.split(/[\s,;]+/).filter((name) => name !== ''))

/** The last day of a review. If missing, reported as an empty field. */
const day = lastDay.transform((end) => end ?? undefined)

const together = (...lists: unknown[]): string[] => [
  ...new Set(lists.flatMap((list) => (Array.isArray(list) ? list.map(String) : []))),
]

const checks = Object.fromEntries(roles.map((role) => [`role.${role}`, z.literal('on').optional()]))

/** The form that starts a review. */
export const startReviewForm = formWith(
  startReviewInput,
  {
    ...checks,
    spaces: names.optional(),
    'spaces.picked': names.optional(),
    people: names.optional(),
    'people.picked': names.optional(),
    roles: z.undefined().optional(),
    dueAt: day,
  },
  (form) => ({
    name: form.name,
    cluster: form.cluster || null,
    spaces: together(form['spaces.picked'], form.spaces),
    people: together(form['people.picked'], form.people),
    roles: roles.filter((role) => form[`role.${role}`] === 'on'),
    dueAt: form.dueAt,
    undecided: form.undecided,
  }),
)

const count = z
  .string()
  .regex(/^\d{1,3}$/, 'Give a number.')
  .transform(Number)

/** The schedule form. No months: never. */
export const scheduleReviewsForm = formWith(
  scheduleReviewsInput,
  { months: z.union([z.literal('').transform(() => null), count]), dueDays: count },
  (form) => form,
)

export const extendReviewForm = formWith(extendReviewInput, { dueAt: day }, (form) => form)

/** The forms for decisions on the selected lines, or on all that match a filter. */
export const decideReviewForm = formOf(decideReviewInput, { ids: ids.optional(), shown: ids.optional() })
