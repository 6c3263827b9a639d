import { z } from 'zod'
import type { Owner } from '#lib/kernel/model/spaces/space-inside.ts'

export const ownersSchema = z
  .array(z.object({ kind: z.string(), name: z.string(), controller: z.boolean().default(false) }))
  .default([])

/** https://kubernetes.io/docs/concepts/overview/working-with-objects/owners-dependents/ */
export function ownerOf(metadata: { ownerReferences: z.infer<typeof ownersSchema> }): Owner | null {
  const owner = metadata.ownerReferences.find(({ controller }) => controller)
  return owner ? { kind: owner.kind, name: owner.name } : null
}
