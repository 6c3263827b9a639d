import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { Tx } from '../db/client.ts'
import { countOwnedSpaces } from '../db/count-owned-spaces.ts'
import { insertSpace } from '../db/insert-space.ts'
import { readClusterId } from '../db/read-cluster-id.ts'
import { saveDeleted } from '../db/save-observed.ts'
import { earliest, latest } from '../domain/calendar.ts'
import { AppError } from '../domain/errors.ts'
import { excessOf, excessSentence, namesReservedSince } from '../domain/policy.ts'
import { type Size, sizes } from '../domain/size.ts'
import { namespaceFor } from '../domain/space-name.ts'
import { aboutSpace, authorizePlatform } from './authorize.ts'
import type { BrokerContext } from './context.ts'
import { holdActor } from './hold-actor.ts'
import { recorded } from './recorded.ts'
import { settleSoon } from './settle-soon.ts'

export const spaceName = z.string().trim().max(100)
export const description = z.string().trim().max(500)
/** An instant in the future, or none. */
export const endsAt = z.date().min(earliest).max(latest).nullable()

export const createSpaceInput = z.strictObject({
  name: spaceName,
  description: description.default(''),
  size: z.enum(sizes),
  endsAt: endsAt.default(null),
  cluster: z.string().max(32).optional(),
})
export type CreateSpaceInput = z.infer<typeof createSpaceInput>

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
    { target: { kind: 'space', name: input.name }, destination: cluster, detail: { size: input.size } },
    async (record) => {
      authorizePlatform(ctx, 'create-space')
      const wish = await checkWish(ctx, { ...input, cluster })
      const id = randomUUID()
      record.about(aboutSpace({ id, ...wish }))
      await record.commit(async (tx) => {
        // Held, so that two creates at once can't both pass the limit.
        authorizePlatform(await holdActor(ctx, tx), 'create-space')
        const owned = await countOwnedSpaces(tx, ctx.actor.userId, ctx.policy.spaceLimit)
        const [excess] = excessOf(ctx.policy, { size: input.size }, owned)
        if (excess) throw new AppError(excess, { sentence: excessSentence(ctx.policy, excess) })
        await insertWishedSpace(ctx, tx, wish, { id, ownerId: ctx.actor.userId, requestId: null })
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

export type SpaceWish = {
  name: string
  namespace: string
  description: string
  size: Size
  endsAt: Date | null
  clusterId: string
  cluster: string
}

/** Judges a wish for a space before anything is written. @throws AppError name_invalid, name_protected, end_in_past, cluster_unknown */
export async function checkWish(ctx: BrokerContext, input: CreateSpaceInput & { cluster: string }): Promise<SpaceWish> {
  const namespace = namespaceFor(input.name, ctx.policy.namespacePrefix, ctx.policy.reservedNames)
  if (input.endsAt && input.endsAt <= ctx.clock())
    throw new AppError('end_in_past', { fields: { endsAt: 'The end date must be in the future.' } })
  ctx.clusters.get(input.cluster)
  const { name, description, size, endsAt, cluster } = input
  return { name, namespace, description, size, endsAt, cluster, clusterId: await readClusterId(ctx.db, cluster) }
}

/** Adds the space's row with its job. Used by approvals too. @throws AppError name_taken */
export async function insertWishedSpace(
  ctx: BrokerContext,
  tx: Tx,
  { cluster: _cluster, ...wish }: SpaceWish,
  whose: { id: string; ownerId: string; requestId: string | null },
): Promise<void> {
  const creation = Buffer.from(ctx.randomBytes(18)).toString('base64url')
  await insertSpace(tx, { ...wish, ...whose, creation }, namesReservedSince(ctx.policy, ctx.clock()))
}

/** Nothing was made, since the namespace was there before and is not ours: the name is free again. */
async function undoUnmade(ctx: BrokerContext, id: string): Promise<void> {
  await ctx.db.space.updateMany({ where: { id, namespaceUid: null }, data: { status: 'deleting' } })
  await saveDeleted(ctx.db, id, [], ctx.clock())
}
