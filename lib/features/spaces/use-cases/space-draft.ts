import { z } from 'zod'
import { insertSpace, type NewSpace } from '#lib/features/spaces/db/space-rows.ts'
import { namespaceFor } from '#lib/features/spaces/model/space-name.ts'
import type { Tx } from '#lib/kernel/db/client.ts'
import { readClusterId } from '#lib/kernel/db/spaces/clusters.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import { assertSpaceEnds, namesReservedSince } from '#lib/kernel/model/policy/policy.ts'
import { type Size, sizes } from '#lib/kernel/model/spaces/size.ts'
import { identityAt } from '#lib/kernel/model/spaces/space-object.ts'
import type { BrokerContext } from '#lib/kernel/use-case/context.ts'
import { assertFuture, description, endsAt, spaceName } from '#lib/kernel/use-case/fields.ts'

export const createSpaceInput = z.strictObject({
  name: spaceName,
  description: description.default(''),
  size: z.enum(sizes),
  endsAt: endsAt.default(null),
  cluster: z.string().max(32).optional(),
})
export type CreateSpaceInput = z.infer<typeof createSpaceInput>

export type SpaceDraft = {
  name: string
  namespace: string
  description: string
  size: Size
  endsAt: Date | null
  clusterId: string
  cluster: string
}

/**
 * A namespace with objects that declare spaces can't be a space: its members would act as the person who is mapped to it.
 * @returns the namespace of a space;
 * @throws AppError name_invalid, name_protected
 */
export function spaceNamespace(
  { policy, gitIdentities }: Pick<BrokerContext, 'policy' | 'gitIdentities'>,
  { cluster, name }: { cluster: string; name: string },
): string {
  const namespace = namespaceFor(name, policy.namespacePrefix, policy.reservedNames)
  if (identityAt(gitIdentities, cluster, namespace) === null) return namespace
  const sentence = `“${name}” is reserved for objects that declare spaces. Choose another name.`
  throw new AppError('name_protected', { sentence, fields: { name: sentence } })
}

/**
 * Checks a requested space before anything is written. @throws AppError name_invalid, name_protected, end_in_past,
 * space_too_long, cluster_unknown
 */
export async function checkSpaceDraft(
  ctx: BrokerContext,
  input: CreateSpaceInput & { cluster: string },
): Promise<SpaceDraft> {
  const namespace = spaceNamespace(ctx, input)
  assertFuture(ctx, input.endsAt)
  assertSpaceEnds(ctx.policy, ctx.clock(), input.endsAt)
  ctx.clusters.get(input.cluster)
  const { name, description, size, endsAt, cluster } = input
  return { name, namespace, description, size, endsAt, cluster, clusterId: await readClusterId(ctx.db, cluster) }
}

/**
 * Adds the space's row with its job. Approvals use it too.
 * @param ctx as it is in this transaction
 * @throws AppError name_taken, space_too_long
 */
export async function insertSpaceDraft(
  ctx: BrokerContext,
  tx: Tx,
  { cluster: _cluster, ...draft }: SpaceDraft,
  whose: { id: string; ownerId: string; requestId: string | null; declaredIn?: string | undefined },
): Promise<void> {
  assertSpaceEnds(ctx.policy, ctx.clock(), draft.endsAt)
  const creation = Buffer.from(ctx.randomBytes(18)).toString('base64url')
  const { declaredIn, ...owner } = whose
  const declared = declarationOf(ctx, declaredIn)
  await insertSpace(tx, { ...draft, ...owner, creation, declared }, namesReservedSince(ctx.policy, ctx.clock()))
}

/** The changes that the insert has already made. */
const withTheSpace = ['description', 'size', 'endsAt']

/**
 * @param approvedFor the namespace of the object that declared the approved space; Spaceport follows it
 * afterwards
 */
function declarationOf(
  { origin: { declaredBy } }: BrokerContext,
  approvedFor: string | undefined,
): NewSpace['declared'] {
  if (declaredBy) {
    const { namespace, uid, generation, members } = declaredBy
    return { namespace, uid, generation, members, done: withTheSpace }
  }
  if (approvedFor === undefined) return null
  return { namespace: approvedFor, uid: null, generation: null, members: false, done: [] }
}
