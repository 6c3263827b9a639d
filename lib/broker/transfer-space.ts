import { z } from 'zod'
import type { Tx } from '../db/client.ts'
import { countOwnedSpaces } from '../db/count-owned-spaces.ts'
import { touchSpace } from '../db/enqueue-reconcile.ts'
import type { FoundUser } from '../db/find-principal.ts'
import type { SpaceRecord } from '../db/find-space.ts'
import { AppError } from '../domain/errors.ts'
import { excessOf } from '../domain/policy.ts'
import { insertGrant } from './add-grant.ts'
import { aboutSpace, assertLiving, authorizeSpace, spaceKey } from './authorize.ts'
import type { BrokerContext } from './context.ts'
import { holdSpace } from './hold-space.ts'
import { recorded } from './recorded.ts'
import { resolveUser } from './resolve-principal.ts'
import { settleSoon } from './settle-soon.ts'

export const transferSpaceInput = z.strictObject({
  space: spaceKey,
  to: z.string().trim().min(1, 'Name the person.').max(256),
})

/**
 * Hands a space over to another person. Who owned it keeps the admin role, until the new owner decides otherwise.
 * @returns the new owner
 * @throws AppError own_gain when a platform admin names themselves; principal_unknown; grant_owner when they own it already;
 *   space_limit when they own as many as one may (a platform admin may hand over all the same)
 */
export async function transferSpace(ctx: BrokerContext, input: z.infer<typeof transferSpaceInput>): Promise<FoundUser> {
  return recorded(
    ctx,
    'space.transfer',
    { target: { kind: 'space', name: input.space.name }, detail: { to: input.to } },
    async (record) => {
      const space = await authorizeSpace(ctx, 'transfer-space', input.space)
      record.about(aboutSpace(space))
      assertLiving(space)
      const to = await resolveUser(ctx, input.to, 'to')
      if (to.userId === space.ownerId) throw new AppError('grant_owner', { sentence: 'They own this space already.' })
      if (to.userId === ctx.actor.userId) throw new AppError('own_gain')
      record.about({ detail: { from: space.owner.handle, to: to.handle } })
      const at = ctx.clock()
      await record.commit(async (tx) => {
        const held = await holdSpace(ctx, tx, 'transfer-space', space.id, [to.userId])
        assertLiving(held.space)
        if (held.now.actor.platformRole !== 'admin') await assertRoom(ctx, tx, space, to)
        const { count } = await tx.space.updateMany({
          where: { id: space.id, ownerId: space.ownerId },
          data: { ownerId: to.userId },
        })
        if (count === 0) throw new AppError('space_busy')
        await tx.grant.updateMany({
          where: { spaceId: space.id, userId: { in: [to.userId, space.ownerId] }, requestId: null, removedAt: null },
          data: { removedAt: at, removedById: ctx.actor.userId },
        })
        await insertGrant(tx, {
          spaceId: space.id,
          principal: { kind: 'user', user: { userId: space.ownerId, ...space.owner } },
          role: 'admin',
          startsAt: at,
          endsAt: null,
          createdById: ctx.actor.userId,
          requestId: null,
          withheldFrom: [],
        })
        await touchSpace(tx, space.id)
      })
      await settleSoon(ctx, space.id)
      return to
    },
  )
}

async function assertRoom(ctx: BrokerContext, tx: Tx, { size }: SpaceRecord, to: FoundUser): Promise<void> {
  const { spaceLimit } = ctx.policy
  const owned = await countOwnedSpaces(tx, to.userId, spaceLimit)
  if (!excessOf(ctx.policy, { size }, owned).includes('space_limit')) return
  throw new AppError('space_limit', {
    sentence: `${to.name} can’t own another space without approval: the limit is ${spaceLimit}. A platform admin can still hand this one over.`,
  })
}
