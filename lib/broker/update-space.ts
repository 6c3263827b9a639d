import { z } from 'zod'
import { touchSpace } from '../db/enqueue-reconcile.ts'
import { AppError } from '../domain/errors.ts'
import { excessSentence } from '../domain/policy.ts'
import { sizes, sizeWithin } from '../domain/size.ts'
import { aboutSpace, assertLiving, authorizeSpace, spaceKey } from './authorize.ts'
import type { BrokerContext } from './context.ts'
import { description, endsAt } from './create-space.ts'
import { recorded } from './recorded.ts'
import { settleSoon } from './settle-soon.ts'

export const updateSpaceInput = z.strictObject({
  space: spaceKey,
  description: description.optional(),
  size: z.enum(sizes).optional(),
  endsAt: endsAt.optional(),
})

/**
 * Changes a space's description, size (within policy, or down) and end.
 * @throws AppError size_limit (ask for it: request-size.ts), end_in_past, space_deleting
 */
export async function updateSpace(ctx: BrokerContext, input: z.infer<typeof updateSpaceInput>): Promise<void> {
  await recorded(ctx, 'space.update', { target: { kind: 'space', name: input.space.name } }, async (record) => {
    const space = await authorizeSpace(ctx, 'update-space', input.space)
    record.about(aboutSpace(space))
    assertLiving(space)
    if (input.endsAt && input.endsAt <= ctx.clock())
      throw new AppError('end_in_past', { fields: { endsAt: 'The end date must be in the future.' } })
    const grows = input.size !== undefined && !sizeWithin(input.size, space.size)
    if (grows && input.size && !sizeWithin(input.size, ctx.policy.maxSize)) {
      throw new AppError('size_limit', { sentence: excessSentence(ctx.policy, 'size_limit') })
    }
    const data = {
      ...(input.description !== undefined && { description: input.description }),
      ...(input.size !== undefined && { size: input.size }),
      ...(input.endsAt !== undefined && { endsAt: input.endsAt }),
    }
    record.about({
      detail: { before: { description: space.description, size: space.size, endsAt: space.endsAt }, after: data },
    })
    await record.commit(async (tx) => {
      await tx.space.update({ where: { id: space.id }, data })
      await touchSpace(tx, space.id)
    })
    await settleSoon(ctx, space.id)
  })
}
