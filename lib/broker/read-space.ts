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

function detailOf(space: SpaceRecord, usage: QuotaUsage[]): SpaceDetail {
  const {
    id,
    name,
    cluster,
    namespace,
    description,
    size,
    status,
    standing,
    createdAt,
    endsAt,
    requestId,
    reconciledAt,
  } = space
  return {
    id,
    name,
    cluster,
    namespace,
    description,
    size,
    status,
    standing,
    createdAt,
    endsAt,
    requestId,
    reconciledAt,
    usage,
    owner: { handle: space.owner.handle, name: space.owner.name },
    steps: space.steps as Step[],
    failure: space.failureCode ? { code: space.failureCode, message: space.failureMessage ?? '' } : null,
    changing: space.observedGeneration < space.generation,
  }
}
