import { z } from 'zod'
import { aboutSpace, assertLiving, authorizeSpace, spaceKey } from '#lib/broker/use-case/authorize.ts'
import type { BrokerContext } from '#lib/broker/use-case/context.ts'
import { holdSpace } from '#lib/broker/use-case/hold-space.ts'
import { recorded } from '#lib/broker/use-case/recorded.ts'
import { AppError } from '#lib/domain/errors.ts'
import { sizes, sizeWithin } from '#lib/domain/size.ts'
import { openRequest, reason } from './open-request.ts'

export const requestSizeInput = z.strictObject({ space: spaceKey, size: z.enum(sizes), reason })

/** Asks for a size beyond policy for a space that is there. @throws AppError bad_input when it needs no approval */
export async function requestSize(
  ctx: BrokerContext,
  input: z.infer<typeof requestSizeInput>,
): Promise<{ id: string }> {
  return recorded(ctx, 'request.create', { target: { kind: 'space', name: input.space.name } }, async (record) => {
    const space = await authorizeSpace(ctx, 'request-size', input.space)
    record.about(aboutSpace(space))
    assertLiving(space)
    if (sizeWithin(input.size, space.size) || sizeWithin(input.size, ctx.policy.maxSize)) {
      throw new AppError('bad_input', { sentence: 'This doesn’t need approval. Change the size under Settings.' })
    }
    const payload = { kind: 'size' as const, spaceId: space.id, from: space.size, size: input.size }
    const asked = { payload, reason: input.reason, clusterId: space.clusterId, spaceId: space.id }
    return openRequest(ctx, record, asked, async (tx) =>
      assertLiving((await holdSpace(ctx, tx, 'request-size', space.id)).space),
    )
  })
}
