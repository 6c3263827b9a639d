import { z } from 'zod'
import { roleTermFields, roleTermOf } from '#app/form-fields.ts'
import { spaceFields } from '#app/spaces/space-form.ts'
import { spaceOf } from '#components/spaces/space-path.ts'
import { requestRoleInput } from '#lib/broker/requests/request-role.ts'
import { formWith } from '#lib/web/action/form-of.ts'

const arranged = z
  .looseObject({ ...spaceFields, ...roleTermFields })
  .transform(({ space, cluster, minutes, amount, unit, start, startsAt, ...rest }) => ({
    ...rest,
    space: spaceOf(space, cluster),
    ...roleTermOf({ minutes, amount, unit, start, startsAt }),
  }))

/** The form of components/requests/request-role-form.tsx. */
export const roleForm = formWith(requestRoleInput, { ...roleTermFields, ...spaceFields }, (form) =>
  arranged.parse(form),
)
