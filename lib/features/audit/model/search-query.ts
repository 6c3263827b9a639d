import { z } from 'zod'
import type { Standing } from '#lib/kernel/model/access/role.ts'
import { maxRecent, maxSearchLength } from './search-limits.ts'

/** What the search of the whole portal can be asked. Its address and its use case take their limits from here. */
export const searchQuery = z.strictObject({
  /** Part of a space’s name or description, of a person’s name, handle or e-mail address. Blank: what was used lately. */
  text: z
    .string()
    .trim()
    .max(maxSearchLength)
    .regex(/^[^\0]*$/)
    .optional(),
  /** Ids of the spaces that were used lately. */
  spaces: z.array(z.uuid()).max(maxRecent).optional(),
  /** Ids of the people whose pages were. */
  people: z.array(z.uuid()).max(maxRecent).optional(),
})
export type SearchQuery = z.infer<typeof searchQuery>

export type FoundSpace = {
  id: string
  name: string
  /** Null: the default one. */
  cluster: string | null
  owner: string
  standing: Standing | null
  /** Whether the person may download a kubeconfig for it. */
  connects: boolean
}
export type FoundPerson = { id: string; handle: string; name: string; email: string }
export type Found = { spaces: FoundSpace[]; people: FoundPerson[] }
