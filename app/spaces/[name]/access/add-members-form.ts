import { z } from 'zod'
import { lastDay } from '#app/form-fields.ts'
import { spaceFields } from '#app/spaces/space-form.ts'
import { spaceOf } from '#components/spaces/space-path.ts'
import { addGrantInput } from '#lib/features/access/use-cases/add-grant.ts'
import { formWith } from '#lib/web/action/form-of.ts'

/** The most people and groups in one form. */
export const mostAtOnce = 50

const input = addGrantInput.extend({
  principal: z
    .array(addGrantInput.shape.principal)
    .min(1, 'Choose a person or a group.')
    .max(mostAtOnce, `At most ${mostAtOnce} people and groups at once.`),
})

const names = z.array(z.string()).default([])

/** Those picked and the one typed, each once. */
const arranged = z
  .looseObject({ ...spaceFields, principal: names, 'principal.picked': names })
  .transform(({ space, cluster, principal, 'principal.picked': picked, ...rest }) => ({
    ...rest,
    space: spaceOf(space, cluster),
    principal: [...new Set([...picked, ...principal].map((name) => name.trim()))].filter((name) => name !== ''),
  }))

/** The form that gives several people and groups the same role. */
export const addMembersForm = formWith(
  input,
  {
    ...spaceFields,
    endsAt: lastDay,
    principal: z
      .string()
      .transform((name) => [name])
      .optional(),
    'principal.picked': z
      .string()
      .transform((text) => text.split('\n'))
      .optional(),
  },
  (form) => arranged.parse(form),
)

/** @returns the use case’s input for each of them */
export const eachMember = ({ principal: all, ...terms }: z.infer<typeof addMembersForm>) =>
  all.map((principal) => ({ ...terms, principal }))
