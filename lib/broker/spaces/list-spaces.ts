import { z } from 'zod'
import { viewPlatform } from '#lib/broker/define/view-platform.ts'
import { selectSpaces } from '#lib/db/select-spaces.ts'
import { spaceStatuses } from '#lib/domain/space-status.ts'
import { type SpacePage, spaceSorts } from '#lib/domain/space-view.ts'

const listSpacesInput = z.strictObject({
  search: z.string().trim().max(100).optional(),
  status: z.enum(spaceStatuses).optional(),
  role: z.enum(['viewer', 'editor', 'admin', 'owner']).optional(),
  owner: z.string().max(60).optional(),
  sort: z.enum(spaceSorts).optional(),
  descending: z.boolean().optional(),
  page: z.number().int().min(1).max(1_000).optional(),
})

const pageSize = 25
const totalBound = 1_000

/** @returns a page of the person's spaces; for platform admins, of all spaces */
export const listSpaces = viewPlatform({
  permission: 'list-spaces',
  input: listSpacesInput,
  async read({ ctx, input: query }): Promise<SpacePage> {
    const who = { userId: ctx.actor.userId, all: ctx.actor.platformRole === 'admin', at: ctx.clock() }
    const { rows, total } = await selectSpaces(ctx.pool, who, query, { pageSize, totalBound })
    return { rows, page: query.page ?? 1, pageSize, total, totalBound }
  },
})
