import { authorizePlatform } from '#lib/broker/use-case/authorize.ts'
import type { BrokerContext } from '#lib/broker/use-case/context.ts'
import { countOwnedSpaces } from '#lib/db/count-owned-spaces.ts'

/** @returns what the person may create outright, and where, for the form */
export async function readSpacePolicy(ctx: BrokerContext) {
  authorizePlatform(ctx, 'create-space')
  return {
    owned: await countOwnedSpaces(ctx.db, ctx.actor.userId, ctx.policy.spaceLimit),
    limit: ctx.policy.spaceLimit,
    maxSize: ctx.policy.maxSize,
    prefix: ctx.policy.namespacePrefix,
    clusters: ctx.clusters.names,
    defaultCluster: ctx.clusters.defaultName,
    credentialDefaultHours: ctx.policy.credentialDefaultHours,
    credentialMaxHours: ctx.policy.credentialMaxHours,
  }
}
