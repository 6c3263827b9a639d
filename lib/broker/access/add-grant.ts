import { z } from 'zod'
import { settleSoon } from '#lib/broker/reconcile/settle-soon.ts'
import { aboutSpace, assertLiving, authorizeSpace, spaceKey } from '#lib/broker/use-case/authorize.ts'
import type { BrokerContext } from '#lib/broker/use-case/context.ts'
import { assertFuture, endsAt, officeReason } from '#lib/broker/use-case/fields.ts'
import { holdSpace } from '#lib/broker/use-case/hold-space.ts'
import { recorded } from '#lib/broker/use-case/recorded.ts'
import { touchSpace } from '#lib/db/enqueue-reconcile.ts'
import { insertGrant } from '#lib/db/insert-grant.ts'
import { AppError } from '#lib/domain/errors.ts'
import { roles } from '#lib/domain/role.ts'
import { describePrincipal } from './grant-rows.ts'
import { assertReason, judgeGiving } from './judge-giving.ts'
import { type ResolvedPrincipal, resolvePrincipal } from './resolve-principal.ts'
import { tellOwner, toPrincipal } from './tell-owner.ts'

export const addGrantInput = z.strictObject({
  space: spaceKey,
  principal: z.string().trim().min(1, 'Choose a person or a group.').max(1_100),
  role: z.enum(roles),
  endsAt: endsAt.default(null),
  reason: officeReason,
})

/**
 * Gives a person or a group a role in a space, for good or until an instant: no more than the giver holds, but by an owner,
 * and by a platform admin with a reason, which is told to the owner at once.
 * @returns who got it
 * @throws AppError principal_unknown, grant_exists, grant_owner, own_gain, beyond_own, end_in_past; bad_input without a reason
 */
export async function addGrant(ctx: BrokerContext, input: z.input<typeof addGrantInput>): Promise<ResolvedPrincipal> {
  return recorded(
    ctx,
    'grant.add',
    { target: { kind: 'space', name: input.space.name }, detail: { role: input.role, principal: input.principal } },
    async (record) => {
      const { role, endsAt = null, reason = '' } = input
      const space = await authorizeSpace(ctx, 'add-grant', input.space)
      record.about(aboutSpace(space))
      assertLiving(space)
      assertFuture(ctx, endsAt)
      const principal = await resolvePrincipal(ctx, input.principal)
      const way = await judgeGiving(ctx, ctx.db, space.id, principal, { role, endsAt })
      assertReason(way, reason)
      assertNotOwner(principal, space)
      record.about({
        detail: {
          ...describePrincipal(principal),
          endsAt,
          ...(way === 'office' && { byOffice: true, reason }),
        },
      })
      await record.commit(async (tx) => {
        const held = await holdSpace(ctx, tx, 'add-grant', space.id)
        assertLiving(held.space)
        assertNotOwner(principal, held.space)
        if ((await judgeGiving(held.now, tx, space.id, principal, { role, endsAt })) !== way)
          throw new AppError('space_busy')
        await insertGrant(tx, {
          spaceId: space.id,
          principal,
          role,
          startsAt: ctx.clock(),
          endsAt,
          createdById: ctx.actor.userId,
          requestId: null,
          withheldFrom: way === 'office' ? [ctx.actor.userId] : [],
        })
        if (way === 'office') {
          await tellOwner(ctx, tx, held.space, {
            kind: 'grant',
            to: toPrincipal(ctx, principal),
            role,
            endsAt: endsAt?.toISOString() ?? null,
            before: null,
            reason,
          })
        }
        await touchSpace(tx, space.id)
      })
      await settleSoon(ctx, space.id)
      return principal
    },
  )
}

/** @throws AppError grant_owner */
function assertNotOwner(principal: ResolvedPrincipal, space: { ownerId: string }): void {
  if (principal.kind === 'user' && principal.user.userId === space.ownerId) throw new AppError('grant_owner')
}
