import { z } from 'zod'
import { lastDay } from '#app/form-fields.ts'
import { offboardPersonInput } from '#lib/features/offboarding/use-cases/offboard-person.ts'
import { formWith } from '#lib/web/action/form-of.ts'

/** A line of the field for exceptions: a space, the decision, and a handle or a day. */
const line = /^([0-9a-f-]{36}) (hand-over|delete) ?(.*)$/

const decisionOf = (kind: unknown, to: unknown, endsAt: unknown) => {
  if (kind === 'hand-over') return { kind, to: to ?? '' }
  // A missing day is reported as an empty field.
  return kind === 'delete' ? { kind, endsAt: endsAt ?? undefined } : null
}

const exceptions = z
  .string()
  .max(200_000)
  .transform((text) => text.split(/\r?\n/).filter((each) => each !== ''))
  .transform((lines) =>
    Object.fromEntries(
      lines.map((each) => {
        const [, space = each, kind, what = ''] = line.exec(each) ?? []
        return [space, decisionOf(kind, what, lastDay.safeParse(what).data)]
      }),
    ),
  )

/** Ids of accounts, one per line. */
const accounts = z
  .string()
  .max(2_000)
  .transform((text) => text.split(/\r?\n/).filter((each) => each !== ''))

const fields = {
  accounts: accounts.optional(),
  rest: z.enum(['hand-over', 'delete']).optional(),
  'rest.to': z.string().optional(),
  'rest.endsAt': lastDay.optional(),
  exceptions: exceptions.optional(),
}

/** The offboarding form, parsed into the use case's input. Field names are the paths of the values that they set. */
export const offboardForm = formWith(offboardPersonInput, fields, (form) => ({
  id: form.id,
  reason: form.reason,
  confirmation: form.confirmation,
  accounts: form.accounts,
  rest: decisionOf(form.rest, form['rest.to'], form['rest.endsAt']),
  exceptions: form.exceptions,
}))
