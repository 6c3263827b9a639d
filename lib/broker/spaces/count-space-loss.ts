import { authorizeSpace, type SpaceKey } from '#lib/broker/use-case/authorize.ts'
import type { BrokerContext } from '#lib/broker/use-case/context.ts'
import { countLoss } from '#lib/kube/count-loss.ts'

/** @returns what a deletion would lose; null for who may delete the space but not look inside of it, or when the cluster does not say */
export async function countSpaceLoss(
  ctx: BrokerContext,
  key: SpaceKey,
): Promise<{ workloads: number; volumes: number } | null> {
  const space = await authorizeSpace(ctx, 'delete-space', key)
  if (!space.standing || !space.namespaceUid) return null
  try {
    return await ctx.withinAllowance('count-loss', ctx.actor.userId, () =>
      countLoss(ctx.clusters.get(space.cluster), ctx.actor, space.namespace),
    )
  } catch (error) {
    ctx.log.warn({ error, spaceId: space.id }, 'what a deletion would lose could not be counted')
    return null
  }
}
