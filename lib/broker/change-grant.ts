import { z } from 'zod'
import { touchSpace } from '../db/enqueue-reconcile.ts'
import { type FoundGrant, findGrant } from '../db/find-grant.ts'
import { AppError } from '../domain/errors.ts'
import { roles } from '../domain/role.ts'
import { assertFuture, describePrincipal } from './add-grant.ts'
import { assertNoOwnGain } from './assert-no-own-gain.ts'
import { aboutSpace, assertLiving, authorizeSpace, spaceKey } from './authorize.ts'
import type { BrokerContext } from './context.ts'
import { endsAt } from './create-space.ts'
import { recorded } from './recorded.ts'
import type { ResolvedPrincipal } from './resolve-principal.ts'
import { settleSoon } from './settle-soon.ts'

export const changeGrantInput = z.strictObject({
  space: spaceKey,
  grantId: z.uuid(),
  role: z.enum(roles),
  endsAt: endsAt.default(null),
})

/** Changes a grant's role and end. @throws AppError not_found, own_gain, end_in_past */
export async function changeGrant(ctx: BrokerContext, input: z.infer<typeof changeGrantInput>): Promise<void> {
  await recorded(ctx, 'grant.change', { target: { kind: 'space', name: input.space.name } }, async (record) => {
    const space = await authorizeSpace(ctx, 'change-grant', input.space)
    record.about(aboutSpace(space))
    assertLiving(space)
    assertFuture(ctx, input.endsAt)
    const grant = await findGrant(ctx.db, space.id, input.grantId)
    if (!grant) throw new AppError('not_found')
    const principal = principalOf(grant)
    await assertNoOwnGain(ctx, space.id, principal, input)
    record.about({
      detail: {
        principal: describePrincipal(principal),
        before: { role: grant.role, endsAt: grant.endsAt },
        after: { role: input.role, endsAt: input.endsAt },
      },
    })
    await record.commit(async (tx) => {
      const { count } = await tx.grant.updateMany({
        where: { id: grant.id, removedAt: null },
        data: { role: input.role, endsAt: input.endsAt },
      })
      if (count === 0) throw new AppError('not_found')
      await touchSpace(tx, space.id)
    })
    await settleSoon(ctx, space.id)
  })
}

/** @returns the principal that a stored grant names */
export function principalOf(grant: FoundGrant): ResolvedPrincipal {
  if (grant.group !== null) return { kind: 'group', group: grant.group }
  return {
    kind: 'user',
    user: {
      userId: grant.userId ?? '',
      handle: grant.user?.handle ?? '',
      name: grant.user?.name ?? '',
      email: grant.user?.email ?? '',
    },
  }
}
