import { z } from 'zod'
import { renderSizePayload } from '#lib/features/requests/model/render-request-payload.ts'
import { changeSpace } from '#lib/kernel/define/change-space.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import { sizes, sizeWithin } from '#lib/kernel/model/spaces/size.ts'
import { assertNotDeclared } from '#lib/kernel/use-case/assert-not-declared.ts'
import { spaceKey } from '#lib/kernel/use-case/authorize.ts'
import { openRequest, reason } from './open-request.ts'

export const requestSizeInput = z.strictObject({ space: spaceKey, size: z.enum(sizes), reason })

/**
 * Requests a larger size than the policy allows for an existing space.
 * @throws AppError bad_input when it needs no approval
 */
export const requestSize = changeSpace({
  permission: 'request-size',
  action: 'request.create',
  input: requestSizeInput,
  living: true,
  reconcile: 'none',
  prepare: function prepareRequestSize({ ctx, space, input: { size, reason }, about }) {
    assertNotDeclared(ctx, space, 'settings')
    if (sizeWithin(size, space.size) || sizeWithin(size, ctx.policy.maxSize)) {
      throw new AppError('bad_input', { sentence: 'This doesn’t need approval. Change the size under Settings.' })
    }
    const payload = renderSizePayload(space, size)
    return openRequest(ctx, about, { payload, reason, clusterId: space.clusterId, spaceId: space.id, space })
  },
})
