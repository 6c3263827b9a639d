import { viewSpace } from '#lib/kernel/define/view-space.ts'
import { countLoss } from '#lib/kube/inside/count-loss.ts'

/**
 * @returns what a deletion would destroy; null if the person may delete the space but not look inside, or if the
 * cluster doesn't answer
 */
export const countSpaceLoss = viewSpace({
  permission: 'delete-space',
  async read({ ctx, space }) {
    if (!space.standing || !space.namespaceUid) return null
    try {
      return await ctx.withinRateLimit('count-loss', ctx.actor.userId, () =>
        countLoss(ctx.clusters.get(space.cluster), ctx.actor, space.namespace, ctx.clock()),
      )
    } catch (error) {
      ctx.log.warn({ error, spaceId: space.id }, 'could not count what a deletion would destroy')
      return null
    }
  },
})
