import { z } from 'zod'
import { settleSoon } from '#lib/broker/reconcile/settle-soon.ts'
import { aboutSpace, authorizeSpace, spaceKey } from '#lib/broker/use-case/authorize.ts'
import type { BrokerContext } from '#lib/broker/use-case/context.ts'
import { holdSpace } from '#lib/broker/use-case/hold-space.ts'
import { recorded } from '#lib/broker/use-case/recorded.ts'
import { endGrant } from '#lib/db/end-grants.ts'
import { touchSpace } from '#lib/db/enqueue-reconcile.ts'
import { findGrant } from '#lib/db/find-grant.ts'
import { selectHeld } from '#lib/db/select-held.ts'
import { AppError } from '#lib/domain/errors.ts'
import { greaterStanding, type Standing } from '#lib/domain/role.ts'
import { describePrincipal, principalOf } from './grant-rows.ts'

export const removeGrantInput = z.strictObject({ space: spaceKey, grantId: z.uuid() })

/**
 * Takes a role away. Where no other is left, the next request through the gateway is refused and open streams are cut.
 * @returns whose it was, and what that person has there still by anything else; null: nothing (and for a group always)
 * @throws AppError not_found
 */
export async function removeGrant(
  ctx: BrokerContext,
  input: z.infer<typeof removeGrantInput>,
): Promise<{ of: 'person' | 'group'; left: Standing | null }> {
  return recorded(ctx, 'grant.remove', { target: { kind: 'space', name: input.space.name } }, async (record) => {
    const space = await authorizeSpace(ctx, 'remove-grant', input.space)
    record.about(aboutSpace(space))
    const grant = await findGrant(ctx.db, space.id, input.grantId)
    if (!grant) throw new AppError('not_found')
    record.about({ detail: { ...describePrincipal(principalOf(grant)), role: grant.role } })
    const left = await record.commit(async (tx) => {
      await holdSpace(ctx, tx, 'remove-grant', space.id)
      const at = ctx.clock()
      // Somebody else took it away meanwhile.
      if (!(await endGrant(tx, grant.id, { at, byId: ctx.actor.userId }))) throw new AppError('not_found')
      await touchSpace(tx, space.id)
      const held = grant.userId === null ? [] : await selectHeld(tx, space.id, grant.userId, at)
      return held.reduce<Standing | null>((most, { standing }) => greaterStanding(most, standing), null)
    })
    await settleSoon(ctx, space.id)
    return { of: grant.userId === null ? 'group' : 'person', left }
  })
}
