import { z } from 'zod'
import { scimFailure } from './scim-failure.ts'
import { patchOp } from './urns.ts'

const maxOperations = 1_000

export type Operation = {
  op: 'add' | 'replace' | 'remove'
  path: string | undefined
  value: unknown
}

/** Entra capitalizes operations. */
const operation = z.object({
  op: z
    .string()
    .transform((op) => op.toLowerCase())
    .pipe(z.enum(['add', 'replace', 'remove'])),
  path: z.string().nullish(),
  value: z.unknown().optional(),
})
const patch = z.object({
  schemas: z.array(z.string()).refine((schemas) => schemas.includes(patchOp)),
  Operations: z.array(operation).min(1).max(maxOperations),
})

/**
 * @returns the operations of a patch (RFC 7644, section 3.5.2)
 * @throws AppError scim_syntax
 */
export function parsePatch(body: unknown): Operation[] {
  const parsed = patch.safeParse(body)
  if (!parsed.success)
    throw scimFailure(
      'scim_syntax',
      `This is not a patch: it needs the schema ${patchOp} and 1 to ${maxOperations} Operations, each with op add, replace or remove.`,
    )
  return parsed.data.Operations.map(({ op, path, value }) => {
    if (op === 'remove' && !path) throw scimFailure('scim_target', '“remove” needs a path.')
    if (op !== 'remove' && value === undefined) throw scimFailure('scim_value', `An operation ${op} needs a value.`)
    return { op, path: path || undefined, value }
  })
}
