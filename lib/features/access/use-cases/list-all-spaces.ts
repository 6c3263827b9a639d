import { z } from 'zod'
import { selectSpacesByName } from '#lib/features/access/db/select-spaces-by-name.ts'
import type { SpaceListItem } from '#lib/features/access/model/access-report.ts'
import { viewPlatform } from '#lib/kernel/define/view-platform.ts'

const pageSize = 50

const listAllSpacesInput = z.strictObject({
  search: z
    .string()
    .trim()
    .max(63)
    .regex(/^[^\0]*$/)
    .optional(),
  /** The last space of the previous page. */
  after: z.uuid().optional(),
})

/** @returns a page of all spaces on all clusters, by name, for auditors and platform admins */
export const listAllSpaces = viewPlatform({
  permission: 'read-access-report',
  input: listAllSpacesInput,
  read: async function readListAllSpaces({ ctx, input }): Promise<{ rows: SpaceListItem[]; next: string | null }> {
    const found = await selectSpacesByName(ctx.pool, input, { at: ctx.clock(), limit: pageSize + 1 })
    const rows = found.slice(0, pageSize)
    return { rows, next: found.length > pageSize ? (rows.at(-1)?.id ?? null) : null }
  },
})
