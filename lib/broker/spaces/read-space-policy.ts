import { nothing, viewPlatform } from '#lib/broker/define/view-platform.ts'
import { countOwnedSpaces } from '#lib/db/count-owned-spaces.ts'

/** @returns what the person may create outright, and where, for the form */
export const readSpacePolicy = viewPlatform({
  permission: 'create-space',
  input: nothing,
  read: async ({ ctx }) => ({
    owned: await countOwnedSpaces(ctx.db, ctx.actor.userId, ctx.policy.spaceLimit),
    limit: ctx.policy.spaceLimit,
    maxSize: ctx.policy.maxSize,
    prefix: ctx.policy.namespacePrefix,
    clusters: ctx.clusters.names,
    defaultCluster: ctx.clusters.defaultName,
    credentialDefaultHours: ctx.policy.credentialDefaultHours,
    credentialMaxHours: ctx.policy.credentialMaxHours,
  }),
})
