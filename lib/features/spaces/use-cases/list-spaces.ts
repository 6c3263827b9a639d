import { selectSpaces } from '#lib/features/spaces/db/select-spaces.ts'
import { viewPlatform } from '#lib/kernel/define/view-platform.ts'
import { spaceQuery } from '#lib/kernel/model/spaces/space-query.ts'
import type { SpacePage } from '#lib/kernel/model/spaces/space-view.ts'

const pageSize = 25
/** Counting further takes longer than finding the page: 0.4 ms per thousand. */
const totalBound = 500

/** @returns a page of the person's spaces; for platform admins, of all spaces */
export const listSpaces = viewPlatform({
  permission: 'list-spaces',
  input: spaceQuery,
  async read({ ctx, input: query }): Promise<SpacePage> {
    const at = ctx.clock()
    const who = { userId: ctx.actor.userId, all: ctx.actor.platformRole === 'admin', at, issuer: ctx.issuer }
    const found = await selectSpaces(ctx.pool, who, query, { pageSize, totalBound })
    return { ...found, page: query.page ?? 1, pageSize, totalBound, readAt: at }
  },
})
