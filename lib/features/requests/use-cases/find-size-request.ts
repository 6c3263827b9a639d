import { findOpenSizeRequest } from '#lib/features/requests/db/request-rows.ts'
import { viewSpace } from '#lib/kernel/define/view-space.ts'
import type { WaitingSize } from '#lib/kernel/model/requests/request-view.ts'

/** @returns the open request for a larger size of this space, or null; for people who could request one */
export const findSizeRequest = viewSpace({
  permission: 'request-size',
  read: async function readFindSizeRequest({ ctx, space }): Promise<WaitingSize | null> {
    const found = await findOpenSizeRequest(ctx.pool, space.id, ctx.clock())
    if (!found) return null
    const { id, size, requester, requesterId, createdAt } = found
    return { size, by: requester, createdAt, id: requesterId === ctx.actor.userId ? id : null }
  },
})
