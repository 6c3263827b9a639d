import { z } from 'zod'
import { settleSoon } from '#lib/broker/reconcile/settle-soon.ts'
import { aboutSpace, authorizeSpace, spaceKey } from '#lib/broker/use-case/authorize.ts'
import type { BrokerContext } from '#lib/broker/use-case/context.ts'
import { holdSpace } from '#lib/broker/use-case/hold-space.ts'
import { recorded } from '#lib/broker/use-case/recorded.ts'
import { touchSpace } from '#lib/db/enqueue-reconcile.ts'

export const retrySpaceInput = z.strictObject({ space: spaceKey })

/** Tries at once what would be tried by itself a little later. */
export async function retrySpace(ctx: BrokerContext, input: z.infer<typeof retrySpaceInput>): Promise<void> {
  await recorded(ctx, 'space.retry', { target: { kind: 'space', name: input.space.name } }, async (record) => {
    const space = await authorizeSpace(ctx, 'retry-space', input.space)
    record.about(aboutSpace(space))
    await record.commit(async (tx) => {
      await holdSpace(ctx, tx, 'retry-space', space.id)
      await touchSpace(tx, space.id)
    })
    await settleSoon(ctx, space.id)
  })
}
