import { z } from 'zod'
import { touchSpace } from '../db/enqueue-reconcile.ts'
import { findGrant } from '../db/find-grant.ts'
import { AppError } from '../domain/errors.ts'
import { describePrincipal } from './add-grant.ts'
import { aboutSpace, authorizeSpace, spaceKey } from './authorize.ts'
import { principalOf } from './change-grant.ts'
import type { BrokerContext } from './context.ts'
import { recorded } from './recorded.ts'
import { settleSoon } from './settle-soon.ts'

export const removeGrantInput = z.strictObject({ space: spaceKey, grantId: z.uuid() })

/** Takes a role away. The next request through the gateway is refused and open streams are cut. @throws AppError not_found */
export async function removeGrant(ctx: BrokerContext, input: z.infer<typeof removeGrantInput>): Promise<void> {
  await recorded(ctx, 'grant.remove', { target: { kind: 'space', name: input.space.name } }, async (record) => {
    const space = await authorizeSpace(ctx, 'remove-grant', input.space)
    record.about(aboutSpace(space))
    const grant = await findGrant(ctx.db, space.id, input.grantId)
    if (!grant) throw new AppError('not_found')
    record.about({ detail: { principal: describePrincipal(principalOf(grant)), role: grant.role } })
    await record.commit(async (tx) => {
      await tx.grant.updateMany({
        where: { id: grant.id, removedAt: null },
        data: { removedAt: ctx.clock(), removedById: ctx.actor.userId },
      })
      await touchSpace(tx, space.id)
    })
    await settleSoon(ctx, space.id)
  })
}
