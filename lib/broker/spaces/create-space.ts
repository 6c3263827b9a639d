import { randomUUID } from 'node:crypto'
import { settleSoon } from '#lib/broker/reconcile/settle-soon.ts'
import { aboutSpace, authorizePlatform } from '#lib/broker/use-case/authorize.ts'
import type { BrokerContext } from '#lib/broker/use-case/context.ts'
import { holdActor } from '#lib/broker/use-case/hold-actor.ts'
import { recorded } from '#lib/broker/use-case/recorded.ts'
import { countOwnedSpaces } from '#lib/db/count-owned-spaces.ts'
import { markUnmadeSpaceDeleting } from '#lib/db/mark-space-deleting.ts'
import { saveDeleted } from '#lib/db/save-observed.ts'
import { clusterDestination } from '#lib/domain/destination.ts'
import { AppError } from '#lib/domain/errors.ts'
import { excessOf, excessSentence } from '#lib/domain/policy.ts'
import { type CreateSpaceInput, checkSpaceDraft, insertSpaceDraft } from './space-draft.ts'

/**
 * Creates a space that policy gives outright, and waits a moment for it to become ready.
 * @returns its key, and whether the cluster is there already; otherwise its page shows how far it is
 * @throws AppError name_*, space_limit, size_limit (ask for it instead: request-space.ts), namespace_taken, end_in_past
 */
export async function createSpace(ctx: BrokerContext, input: CreateSpaceInput) {
  const cluster = input.cluster ?? ctx.clusters.defaultName
  return recorded(
    ctx,
    'space.create',
    {
      target: { kind: 'space', name: input.name },
      destination: clusterDestination(cluster),
      detail: { size: input.size },
    },
    async (record) => {
      authorizePlatform(ctx, 'create-space')
      const draft = await checkSpaceDraft(ctx, { ...input, cluster })
      const id = randomUUID()
      record.about(aboutSpace({ id, ...draft }))
      await record.commit(async (tx) => {
        // Held, so that two creates at once can't both pass the limit.
        authorizePlatform(await holdActor(ctx, tx), 'create-space')
        const owned = await countOwnedSpaces(tx, ctx.actor.userId, ctx.policy.spaceLimit)
        const [excess] = excessOf(ctx.policy, { size: input.size }, owned)
        if (excess) throw new AppError(excess, { sentence: excessSentence(ctx.policy, excess) })
        await insertSpaceDraft(ctx, tx, draft, { id, ownerId: ctx.actor.userId, requestId: null })
      })
      const settled = await settleSoon(ctx, id)
      if (settled === 'namespace_taken') {
        await undoUnmade(ctx, id)
        throw new AppError('namespace_taken', {
          fields: { name: 'A namespace of that name is on the cluster already.' },
        })
      }
      return { space: { name: input.name, cluster }, settled: settled === 'settled' }
    },
  )
}

/** Nothing was made, since the namespace was there before and is not ours: the name is free again. */
async function undoUnmade(ctx: BrokerContext, id: string): Promise<void> {
  await markUnmadeSpaceDeleting(ctx.db, id)
  await saveDeleted(ctx.db, id, [], ctx.clock())
}
