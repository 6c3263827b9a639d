import type { SpaceRecord } from '#lib/kernel/db/spaces/find-space.ts'
import { viewSpace } from '#lib/kernel/define/view-space.ts'
import type { SpaceDetail } from '#lib/kernel/model/spaces/space-view.ts'
import type { BrokerContext } from '#lib/kernel/use-case/context.ts'

/** @returns one space, as far as the person may see it; @throws AppError not_found */
export const readSpace = viewSpace({
  permission: 'read-space',
  read: ({ ctx, space }) => detailOf(ctx, space),
})

/** Omits what only Spaceport needs. */
function detailOf({ gitIdentities }: BrokerContext, space: SpaceRecord): SpaceDetail {
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
    requestId,
    ...shown
  } = space
  return {
    ...shown,
    owner: { handle: owner.handle, name: owner.name },
    steps,
    failure: failureCode ? { code: failureCode, message: failureMessage ?? '' } : null,
    changing: observedGeneration < generation,
    gitNamespaces: gitIdentities
      .filter(({ cluster, handle }) => cluster === space.cluster && handle === owner.handle)
      .map(({ namespace }) => namespace),
  }
}
