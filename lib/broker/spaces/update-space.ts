import { z } from 'zod'
import { changeSpace } from '#lib/broker/define/change-space.ts'
import { spaceKey } from '#lib/broker/use-case/authorize.ts'
import type { BrokerContext } from '#lib/broker/use-case/context.ts'
import { assertFuture, description, endsAt } from '#lib/broker/use-case/fields.ts'
import type { Db, Tx } from '#lib/db/client.ts'
import { findRequest } from '#lib/db/find-request.ts'
import type { SpaceRecord } from '#lib/db/find-space.ts'
import { updateSpaceRow } from '#lib/db/update-space-row.ts'
import { AppError } from '#lib/domain/errors.ts'
import { parsePayload } from '#lib/domain/parse-payload.ts'
import { decidePermission } from '#lib/domain/permission.ts'
import { excessSentence } from '#lib/domain/policy.ts'
import { sizes, sizeWithin } from '#lib/domain/size.ts'

export const updateSpaceInput = z.strictObject({
  space: spaceKey,
  description: description.optional(),
  size: z.enum(sizes).optional(),
  endsAt: endsAt.optional(),
})

/**
 * Changes a space's description, size (within policy, or down), end, or several of them.
 * @throws AppError size_limit (request it: request-size.ts), end_in_past, space_deleting; forbidden for an end beyond
 *   what was approved; space_busy when someone else has just changed it
 */
export const updateSpace = changeSpace({
  permission: 'update-space',
  action: 'space.update',
  input: updateSpaceInput,
  living: true,
  async prepare({ ctx, space, input, about }) {
    assertFuture(ctx, input.endsAt ?? null)
    if (input.endsAt !== undefined) await assertApproved(ctx, ctx.db, space, input.endsAt)
    assertMayEnd(ctx, space, input.endsAt)
    const grows = input.size !== undefined && !sizeWithin(input.size, space.size)
    if (grows && input.size && !sizeWithin(input.size, ctx.policy.maxSize)) {
      throw new AppError('size_limit', { sentence: excessSentence(ctx.policy, 'size_limit') })
    }
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
        if (input.endsAt !== undefined) await assertApproved(now, tx, held, input.endsAt)
        assertMayEnd(now, held, input.endsAt)
        if (!(await updateSpaceRow(tx, { id: space.id, before }, data))) throw new AppError('space_busy')
      },
    }
  },
})

/** A space is deleted at its end, so only those who may delete it can set an earlier end. */
function assertMayEnd(ctx: BrokerContext, space: SpaceRecord, end: Date | null | undefined): void {
  if (!end || (space.endsAt !== null && end >= space.endsAt)) return
  const subject = { platformRole: ctx.actor.platformRole, standing: space.standing }
  if (decidePermission('delete-space', subject) === 'allowed') return
  const sentence = 'Only the owner can set an end date or move it forward, because the space is deleted then.'
  throw new AppError('forbidden', { sentence, fields: { endsAt: sentence } })
}

/** Only a platform admin can extend what was approved for a time, and only in others' spaces. */
async function assertApproved(ctx: BrokerContext, db: Db | Tx, space: SpaceRecord, end: Date | null): Promise<void> {
  const request = space.requestId === null ? null : await findRequest(db, space.requestId)
  const approved = request && parsePayload(request.payload)
  if (approved?.kind !== 'space' || approved.endsAt === null) return
  if (end && end <= new Date(approved.endsAt)) return
  if (end?.getTime() === space.endsAt?.getTime()) return
  if (ctx.actor.platformRole === 'admin' && ctx.actor.userId !== space.ownerId) return
  const sentence = `This space was approved until ${approved.endsAt.slice(0, 10)}. You can end it earlier; only a platform admin can extend it.`
  throw new AppError('forbidden', { sentence, fields: { endsAt: sentence } })
}
