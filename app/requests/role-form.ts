import { z } from 'zod'
import { roleTermFields, roleTermOf } from '#app/form-fields.ts'
import { spaceFields } from '#app/spaces/space-form.ts'
import { exactDuration } from '#components/requests/duration-options.ts'
import { spaceOf } from '#components/spaces/space-path.ts'
import { requestRoleInput } from '#lib/features/requests/use-cases/request-role.ts'
import { formWith } from '#lib/web/action/form-of.ts'

/** The fields after parsing by formWith: a duration is a number of minutes. */
const read = {
  ...spaceFields,
  ...roleTermFields,
  minutes: z.union([z.number().nullable(), z.literal(exactDuration)]).optional(),
}

const arranged = z
  .looseObject(read)
  .transform(({ space, cluster, minutes, amount, unit, start, startsAt, ...rest }) => ({
    ...rest,
    space: spaceOf(space, cluster),
    ...roleTermOf({ minutes, amount, unit, start, startsAt }),
  }))

export const roleForm = formWith(requestRoleInput, { ...roleTermFields, ...spaceFields }, (form) =>
  arranged.parse(form),
)
