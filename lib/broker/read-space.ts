import type { SpaceRecord } from '../db/find-space.ts'
import type { QuotaUsage } from '../domain/space-inside.ts'
import type { Step } from '../domain/space-status.ts'
import type { SpaceDetail } from '../domain/space-view.ts'
import { authorizeSpace, type SpaceKey } from './authorize.ts'
import type { BrokerContext } from './context.ts'

/** @returns one space, as the person may know it; @throws AppError not_found */
export async function readSpace(ctx: BrokerContext, key: SpaceKey): Promise<SpaceDetail> {
  const space = await authorizeSpace(ctx, 'read-space', key)
  const usage = await ctx.db.spaceUsage.findUnique({ where: { spaceId: space.id } })
  return detailOf(space, (usage?.usage ?? []) as QuotaUsage[])
}

/** Leaves out what only Spaceport itself needs. */
function detailOf(space: SpaceRecord, usage: QuotaUsage[]): SpaceDetail {
  const {
    clusterId,
    namespaceUid,
    ownerId,
    owner,
    generation,
    observedGeneration,
    failureCode,
    failureMessage,
    steps,
    ...shown
  } = space
  return {
    ...shown,
    usage,
    owner: { handle: owner.handle, name: owner.name },
    steps: steps as Step[],
    failure: failureCode ? { code: failureCode, message: failureMessage ?? '' } : null,
    changing: observedGeneration < generation,
  }
}
