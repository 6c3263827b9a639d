import { z } from 'zod'
import { settleSoon } from '#lib/broker/reconcile/settle-soon.ts'
import { aboutSpace, assertLiving, authorizeSpace, spaceKey } from '#lib/broker/use-case/authorize.ts'
import type { BrokerContext } from '#lib/broker/use-case/context.ts'
import { assertFuture, endsAt, officeReason } from '#lib/broker/use-case/fields.ts'
import { holdSpace } from '#lib/broker/use-case/hold-space.ts'
import { recorded } from '#lib/broker/use-case/recorded.ts'
import { touchSpace } from '#lib/db/enqueue-reconcile.ts'
import { type FoundGrant, findGrant } from '#lib/db/find-grant.ts'
import { updateGrantRow } from '#lib/db/update-grant-row.ts'
import { AppError } from '#lib/domain/errors.ts'
import { givesLess, type Way } from '#lib/domain/giving.ts'
import { roles } from '#lib/domain/role.ts'
import { describePrincipal, principalOf } from './grant-rows.ts'
import { assertReason, judgeGiving } from './judge-giving.ts'
import { tellOwner, toPrincipal } from './tell-owner.ts'

export const changeGrantInput = z.strictObject({
  space: spaceKey,
  grantId: z.uuid(),
  role: z.enum(roles).optional(),
  endsAt: endsAt.optional(),
  reason: officeReason,
})

/**
 * Changes a grant's role, end, or both. What it then gives is bound as in addGrant; to give less is up to every admin.
 * @throws AppError not_found, own_gain, beyond_own, end_in_past; bad_input without a reason; space_busy when it was changed
 *   just now
 */
export async function changeGrant(ctx: BrokerContext, input: z.input<typeof changeGrantInput>): Promise<void> {
  await recorded(ctx, 'grant.change', { target: { kind: 'space', name: input.space.name } }, async (record) => {
    const space = await authorizeSpace(ctx, 'change-grant', input.space)
    record.about(aboutSpace(space))
    assertLiving(space)
    if (input.role === undefined && input.endsAt === undefined) return
    assertFuture(ctx, input.endsAt ?? null)
    const grant = await findGrant(ctx.db, space.id, input.grantId)
    if (!grant) throw new AppError('not_found')
    const principal = principalOf(grant)
    const before = { role: grant.role, endsAt: grant.endsAt }
    const after = { role: input.role ?? grant.role, endsAt: input.endsAt === undefined ? grant.endsAt : input.endsAt }
    const way = await judgeGiving(ctx, ctx.db, space.id, principal, after, before)
    const more = !givesLess(after, before)
    const reason = input.reason ?? ''
    if (more) assertReason(way, reason)
    const byOffice = way === 'office' && { byOffice: true, reason }
    record.about({ detail: { ...describePrincipal(principal), before, after, ...byOffice } })
    await record.commit(async (tx) => {
      const held = await holdSpace(ctx, tx, 'change-grant', space.id)
      assertLiving(held.space)
      if ((await judgeGiving(held.now, tx, space.id, principal, after, before)) !== way)
        throw new AppError('space_busy')
      const change = { ...after, ...(more && { withheldFrom: withheld(grant, way, ctx.actor.userId) }) }
      if (!(await updateGrantRow(tx, { id: grant.id, before }, change))) throw new AppError('space_busy')
      if (way === 'office') {
        await tellOwner(ctx, tx, held.space, {
          kind: 'grant',
          to: toPrincipal(ctx, principal),
          role: after.role,
          endsAt: after.endsAt?.toISOString() ?? null,
          before: before.role,
          reason,
        })
      }
      await touchSpace(tx, space.id)
    })
    await settleSoon(ctx, space.id)
  })
}

/** Whoever gives more out of what they hold makes it theirs; by office, one more admin holds nothing by it. */
const withheld = (grant: FoundGrant, way: Way, userId: string): string[] =>
  way === 'own' ? [] : [...new Set([...grant.withheldFrom, userId])]
