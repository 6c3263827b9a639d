import { z } from 'zod'
import { pageNumber } from './page-number.ts'
import { standings } from './role.ts'
import { findableStatuses } from './space-status.ts'

export const spaceSorts = ['name', 'created', 'ends'] as const
export type SpaceSort = (typeof spaceSorts)[number]

/** What the list of spaces can be searched by. Its address and its use case take their limits from here. */
export const spaceQuery = z.strictObject({
  search: z.string().trim().max(100).optional(),
  status: z.enum(findableStatuses).optional(),
  role: z.enum(standings).optional(),
  /** An owner's handle, or `me`. */
  owner: z.string().max(60).optional(),
  sort: z.enum(spaceSorts).optional(),
  descending: z.boolean().optional(),
  page: pageNumber.optional(),
})
export type SpaceQuery = z.infer<typeof spaceQuery>
