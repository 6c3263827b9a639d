import { z } from 'zod'
import { renderLifePayload } from '#lib/features/requests/model/render-request-payload.ts'
import { lifeNeedsApproval } from '#lib/features/spaces/model/space-life.ts'
import { changeSpace } from '#lib/kernel/define/change-space.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import { assertSpaceEnds } from '#lib/kernel/model/policy/policy.ts'
import { assertNotDeclared } from '#lib/kernel/use-case/assert-not-declared.ts'
import { spaceKey } from '#lib/kernel/use-case/authorize.ts'
import { assertFuture, endsAt } from '#lib/kernel/use-case/fields.ts'
import { openRequest, reason } from './open-request.ts'

export const requestLifeInput = z.strictObject({ space: spaceKey, endsAt, reason })

/**
 * Requests an end beyond the approved one for a space, or no end.
 * @throws AppError bad_input when it needs no approval; end_in_past, space_too_long
 */
export const requestLife = changeSpace({
  permission: 'request-life',
  action: 'request.create',
  input: requestLifeInput,
  living: true,
  reconcile: 'none',
  prepare: function prepareRequestLife({ ctx, space, input: { endsAt, reason }, about }) {
    assertNotDeclared(ctx, space, 'settings')
    assertFuture(ctx, endsAt)
    assertSpaceEnds(ctx.policy, ctx.clock(), endsAt)
    if (!lifeNeedsApproval(space, endsAt)) {
      throw new AppError('bad_input', { sentence: 'This doesn’t need approval. Change the end under Settings.' })
    }
    const payload = renderLifePayload(space, endsAt)
    return openRequest(ctx, about, { payload, reason, clusterId: space.clusterId, spaceId: space.id, space })
  },
})
