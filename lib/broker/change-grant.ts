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
  role: z.enum(roles).optional(),
  endsAt: endsAt.optional(),
})

/** Changes a grant's role, end, or both. @throws AppError not_found, own_gain, end_in_past; space_busy when it was changed just now */
export async function changeGrant(ctx: BrokerContext, input: z.infer<typeof changeGrantInput>): Promise<void> {
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
    await assertNoOwnGain(ctx, space.id, principal, after)
    record.about({
      detail: {
        principal: describePrincipal(principal),
        before,
        after,
      },
    })
    await record.commit(async (tx) => {
      const { count } = await tx.grant.updateMany({
        where: { id: grant.id, removedAt: null, ...before },
        data: after,
      })
      if (count === 0) throw new AppError('space_busy')
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
