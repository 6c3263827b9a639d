import { viewSpace } from '#lib/broker/define/view-space.ts'
import { countLoss } from '#lib/kube/count-loss.ts'

/** @returns what a deletion would lose; null for who may delete the space but not look inside of it, or when the cluster does not say */
export const countSpaceLoss = viewSpace({
  permission: 'delete-space',
  async read({ ctx, space }) {
    if (!space.standing || !space.namespaceUid) return null
    try {
      return await ctx.withinAllowance('count-loss', ctx.actor.userId, () =>
        countLoss(ctx.clusters.get(space.cluster), ctx.actor, space.namespace),
      )
    } catch (error) {
      ctx.log.warn({ error, spaceId: space.id }, 'what a deletion would lose could not be counted')
      return null
    }
  },
})
