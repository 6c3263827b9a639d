import { z } from 'zod'
import { spaceOf } from '#components/spaces/space-path.ts'
import { formWith, type Readers } from '#lib/web/action/form-of.ts'

/** The hidden fields of components/spaces/space-fields.tsx. */
export const spaceFields = { space: z.string().trim(), cluster: z.string().optional() }

const named = z
  .looseObject(spaceFields)
  .transform(({ space, cluster, ...rest }) => ({ ...rest, space: spaceOf(space, cluster) }))

/** Like formOf, for a use case of the space named in hidden fields. */
export const spaceForm = <S extends z.ZodRawShape & { space: z.ZodType }>(
  input: z.ZodObject<S>,
  readers: Omit<Readers<S>, 'space'>,
) => formWith(input, { ...readers, ...spaceFields }, (form) => named.parse(form))
