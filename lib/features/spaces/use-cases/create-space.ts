import { randomUUID } from 'node:crypto'
import { countOwnedSpaces } from '#lib/kernel/db/spaces/count-owned-spaces.ts'
import { saveDeleted } from '#lib/kernel/db/spaces/save-observed.ts'
import { markUncreatableSpaceDeleting } from '#lib/kernel/db/spaces/space-row.ts'
import { changePlatform } from '#lib/kernel/define/change-platform.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import { excessOf, excessSentence } from '#lib/kernel/model/policy/policy.ts'
import { clusterDestination } from '#lib/kernel/model/spaces/destination.ts'
import { aboutSpace } from '#lib/kernel/use-case/authorize.ts'
import type { BrokerContext } from '#lib/kernel/use-case/context.ts'
import { checkSpaceDraft, createSpaceInput, insertSpaceDraft } from './space-draft.ts'

/**
 * Creates a space within policy, and waits a moment for it to become ready.
 * @returns its key, and whether it is ready on the cluster; if not, its page shows the progress
 * @throws AppError name_*, space_too_long, space_limit, size_limit (request it instead: request-space.ts),
 * namespace_taken, end_in_past
 */
export const createSpace = changePlatform({
  permission: 'create-space',
  action: 'space.create',
  input: createSpaceInput,
  about: ({ name, cluster, size }, ctx) => ({
    target: { kind: 'space', name },
    destination: clusterDestination(cluster ?? ctx.clusters.defaultName),
    detail: { size },
  }),
  async prepare({ ctx, input, about }) {
    const cluster = input.cluster ?? ctx.clusters.defaultName
    const draft = await checkSpaceDraft(ctx, { ...input, cluster })
    const id = randomUUID()
    about(aboutSpace({ id, ...draft }))
    return {
      async write({ tx, now }) {
        // Locks the person's row, so that two simultaneous creates can't both pass the limit.
        const owned = await countOwnedSpaces(tx, ctx.actor.userId, now.policy.spaceLimit)
        const [excess] = excessOf(now.policy, input.size, owned)
        if (excess) throw new AppError(excess, { sentence: excessSentence(now.policy, excess) })
        await insertSpaceDraft(now, tx, draft, { id, ownerId: ctx.actor.userId, requestId: null })
        return { space: { name: input.name, cluster }, settled: false }
      },
      reconcile: { spaceId: id, queued: true },
      async conclude(created, reconciled) {
        if (reconciled !== 'namespace_taken') return { ...created, settled: reconciled === 'settled' }
        await rollBackUncreated(ctx, id)
        throw new AppError('namespace_taken', {
          fields: { name: 'The cluster already has a namespace with that name.' },
        })
      },
    }
  },
})

/** Nothing was created, because the namespace belongs to someone else: release the name. */
async function rollBackUncreated(ctx: BrokerContext, id: string): Promise<void> {
  await markUncreatableSpaceDeleting(ctx.db, id)
  await saveDeleted(ctx.db, id, [], ctx.clock())
}
