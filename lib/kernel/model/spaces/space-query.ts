import { z } from 'zod'
import { standings } from '#lib/kernel/model/access/role.ts'
import { pageNumber } from '#lib/kernel/model/page-number.ts'
import { sizes } from './size.ts'
import { healthFilters } from './space-health.ts'
import { findableStatuses } from './space-status.ts'

export const spaceSorts = ['attention', 'name', 'created', 'ends'] as const
export type SpaceSort = (typeof spaceSorts)[number]

const exactName = (max: number) =>
  z
    .string()
    .max(max)
    .regex(/^[^\0]*$/)
    .optional()

/** Filters for the list of spaces. Its URL and its use cases take their limits from here. */
export const spaceFilter = z.strictObject({
  search: z.string().trim().max(100).optional(),
  status: z.enum(findableStatuses).optional(),
  health: z.enum(healthFilters).optional(),
  /** The viewer’s own role; `any`: of those that they see, only spaces in which they have one. */
  role: z.enum([...standings, 'any']).optional(),
  /** An owner's handle, or `me`. */
  owner: z.string().max(60).optional(),
  group: exactName(1_024),
  /** The provider of that group; absent: the configured one. */
  issuer: exactName(2_000),
  size: z.enum(sizes).optional(),
  cluster: exactName(32),
  /** `soon`: as defined in lib/kernel/model/spaces/ending.ts. */
  ends: z.enum(['soon']).optional(),
  /** Whether an object on the cluster declares the space. */
  managed: z.enum(['git', 'portal']).optional(),
})
export type SpaceFilter = z.infer<typeof spaceFilter>

export const spaceOrder = z.strictObject({
  sort: z.enum(spaceSorts).optional(),
  descending: z.boolean().optional(),
})
export type SpaceOrder = z.infer<typeof spaceOrder>

export const spaceQuery = spaceFilter.extend(spaceOrder.shape).extend({ page: pageNumber.optional() })
export type SpaceQuery = z.infer<typeof spaceQuery>
