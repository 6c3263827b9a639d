import { z } from 'zod'
import type { Standing } from '#lib/kernel/model/access/role.ts'
import type { SpaceHealth } from '#lib/kernel/model/spaces/space-health.ts'
import { maxRecent, maxSearchLength } from './search-limits.ts'

/** The query of the portal-wide search. Its route and its use case share these limits. */
export const searchQuery = z.strictObject({
  /** Part of a space’s name or description, or of a person’s name, handle or email address. Blank: recent items. */
  text: z
    .string()
    .trim()
    .max(maxSearchLength)
    .regex(/^[^\0]*$/)
    .optional(),
  /** Ids of recently used spaces. */
  spaces: z.array(z.uuid()).max(maxRecent).optional(),
  /** Ids of recently used people. */
  people: z.array(z.uuid()).max(maxRecent).optional(),
})
export type SearchQuery = z.infer<typeof searchQuery>

export type FoundSpace = {
  id: string
  name: string
  /** Null: the default cluster. */
  cluster: string | null
  owner: string
  standing: Standing | null
  /** Null: no problem is known, or it isn’t for the person. */
  health: SpaceHealth | null
  /** Whether the person may download a kubeconfig for it. */
  connects: boolean
}
export type FoundPerson = { id: string; handle: string; name: string; email: string; deactivated: boolean }
export type SearchResults = { spaces: FoundSpace[]; people: FoundPerson[] }
