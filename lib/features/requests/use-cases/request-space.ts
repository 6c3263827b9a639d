import { renderSpacePayload } from '#lib/features/requests/model/render-request-payload.ts'
import { checkSpaceDraft, createSpaceInput } from '#lib/features/spaces/use-cases/space-draft.ts'
import { countOwnedSpaces } from '#lib/kernel/db/spaces/count-owned-spaces.ts'
import { isNameTaken } from '#lib/kernel/db/spaces/is-name-taken.ts'
import { changePlatform } from '#lib/kernel/define/change-platform.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import { excessOf, namesReservedSince } from '#lib/kernel/model/policy/policy.ts'
import { clusterDestination } from '#lib/kernel/model/spaces/destination.ts'
import { openRequest, reason } from './open-request.ts'

export const requestSpaceInput = createSpaceInput.extend({ reason })

/**
 * Requests a space beyond the limit or of a size that needs approval.
 * @throws AppError name_*, bad_input (also if it needs no approval), request_duplicate
 */
export const requestSpace = changePlatform({
  permission: 'request-space',
  action: 'request.create',
  input: requestSpaceInput,
  about: ({ name, cluster }, ctx) => ({
    target: { kind: 'space', name },
    destination: clusterDestination(cluster ?? ctx.clusters.defaultName),
  }),
  prepare: async function prepareRequestSpace({ ctx, input: { reason: why, ...asked }, about }) {
    const cluster = asked.cluster ?? ctx.clusters.defaultName
    const { clusterId, name, namespace, description, size, endsAt } = await checkSpaceDraft(ctx, { ...asked, cluster })
    const owned = await countOwnedSpaces(ctx.pool, ctx.actor.userId, ctx.policy.spaceLimit)
    if (excessOf(ctx.policy, size, owned).length === 0) {
      throw new AppError('bad_input', { sentence: 'This doesn’t need approval. Create the space instead.' })
    }
    const reservedSince = namesReservedSince(ctx.policy, ctx.clock())
    if (await isNameTaken(ctx.db, { clusterId, namespace, ownerId: ctx.actor.userId, reservedSince }))
      throw new AppError('name_taken', { fields: { name: 'This name is taken. Choose another.' } })
    const payload = renderSpacePayload({ cluster, name, description, size, endsAt }, ctx.origin.declaredBy?.namespace)
    return openRequest(ctx, about, { payload, reason: why, clusterId, spaceId: null, space: null })
  },
})
