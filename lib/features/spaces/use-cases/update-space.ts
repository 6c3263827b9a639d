import { z } from 'zod'
import { updateSpaceRow } from '#lib/features/spaces/db/space-rows.ts'
import { extendsAsPlatformAdmin, lifeNeedsApproval } from '#lib/features/spaces/model/space-life.ts'
import type { SpaceRecord } from '#lib/kernel/db/spaces/find-space.ts'
import { changeSpace } from '#lib/kernel/define/change-space.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import { decidePermission } from '#lib/kernel/model/people/permission.ts'
import { assertSpaceEnds, excessSentence } from '#lib/kernel/model/policy/policy.ts'
import { type Size, sizes, sizeWithin } from '#lib/kernel/model/spaces/size.ts'
import { assertNotDeclared } from '#lib/kernel/use-case/assert-not-declared.ts'
import { spaceKey } from '#lib/kernel/use-case/authorize.ts'
import type { BrokerContext } from '#lib/kernel/use-case/context.ts'
import { assertFuture, description, endsAt } from '#lib/kernel/use-case/fields.ts'

export const updateSpaceInput = z.strictObject({
  space: spaceKey,
  description: description.optional(),
  size: z.enum(sizes).optional(),
  endsAt: endsAt.optional(),
})

/**
 * Changes a space's description, size (within policy, or down) or end.
 * @throws AppError size_limit (request it: request-size.ts), space_too_long, end_in_past, space_deleting,
 * declared_in_git; forbidden for an end beyond what was approved; space_busy when someone else has just changed it
 */
export const updateSpace = changeSpace({
  permission: 'update-space',
  action: 'space.update',
  input: updateSpaceInput,
  living: true,
  async prepare({ ctx, space, input, about }) {
    assertNotDeclared(ctx, space, 'settings')
    assertFuture(ctx, input.endsAt ?? null)
    assertApproved(ctx, space, input.endsAt)
    assertMayEnd(ctx, space, input.endsAt)
    assertWithinPolicy(ctx, space, input)
    const data = {
      ...(input.description !== undefined && { description: input.description }),
      ...(input.size !== undefined && { size: input.size }),
      ...(input.endsAt !== undefined && { endsAt: input.endsAt }),
    }
    if (Object.keys(data).length === 0) return { result: undefined }
    const before = { description: space.description, size: space.size, endsAt: space.endsAt }
    about({ detail: { before, after: data } })
    return {
      async write({ tx, space: held, now }) {
        assertNotDeclared(now, held, 'settings')
        assertApproved(now, held, input.endsAt)
        assertMayEnd(now, held, input.endsAt)
        assertWithinPolicy(now, held, input)
        if (!(await updateSpaceRow(tx, { id: space.id, before }, data))) throw new AppError('space_busy')
      },
    }
  },
})

/** A size or end that already exceeds the policy may stay, shrink or move earlier. */
function assertWithinPolicy(
  { policy, clock }: BrokerContext,
  space: SpaceRecord,
  { size, endsAt }: { size?: Size | undefined; endsAt?: Date | null | undefined },
): void {
  if (size !== undefined && !sizeWithin(size, space.size) && !sizeWithin(size, policy.maxSize))
    throw new AppError('size_limit', { sentence: excessSentence(policy, 'size_limit') })
  if (endsAt === undefined || endsAt?.getTime() === space.endsAt?.getTime()) return
  if (endsAt === null || space.endsAt === null || endsAt > space.endsAt) assertSpaceEnds(policy, clock(), endsAt)
}

/** A space is deleted at its end, so only a person who may delete it can set an earlier end. */
function assertMayEnd(ctx: BrokerContext, space: SpaceRecord, end: Date | null | undefined): void {
  if (!end || (space.endsAt !== null && end >= space.endsAt)) return
  const subject = { platformRole: ctx.actor.platformRole, standing: space.standing }
  if (decidePermission('delete-space', subject) === 'allowed') return
  const sentence = 'Only the owner can set an end date or move it forward, because the space is deleted then.'
  throw new AppError('forbidden', { sentence, fields: { endsAt: sentence } })
}

/** Only a platform admin can extend a space beyond its approval without a request, and only another person's. */
function assertApproved(ctx: BrokerContext, space: SpaceRecord, end: Date | null | undefined): void {
  if (end === undefined || !lifeNeedsApproval(space, end)) return
  if (extendsAsPlatformAdmin({ platformRole: ctx.actor.platformRole, standing: space.standing })) return
  const sentence = `This space was approved until ${space.approvedUntil?.toISOString().slice(0, 10)}. You can end it earlier; to extend it, request more time below.`
  throw new AppError('forbidden', { sentence, fields: { endsAt: sentence } })
}
