import { z } from 'zod'
import { type FoundGrant, findGrant } from '#lib/features/access/db/find-grant.ts'
import { replaceGrantRow, updateGrantRow } from '#lib/features/access/db/update-grant-row.ts'
import { type Authority, givesLess } from '#lib/features/access/model/giving.ts'
import { changeSpace } from '#lib/kernel/define/change-space.ts'
import { type Role, roles } from '#lib/kernel/model/access/role.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import { assertNotDeclared } from '#lib/kernel/use-case/assert-not-declared.ts'
import { spaceKey } from '#lib/kernel/use-case/authorize.ts'
import type { BrokerContext } from '#lib/kernel/use-case/context.ts'
import { assertFuture, endsAt, platformAdminReason } from '#lib/kernel/use-case/fields.ts'
import { assertWithinPolicy } from './assert-within-policy.ts'
import { assertReason, authorizeGrant } from './authorize-giving.ts'
import { describePrincipal, principalOf } from './grant-rows.ts'
import { notifyGrantee } from './notify-grantee.ts'
import { notifyOwner, toPrincipal } from './notify-owner.ts'

export const changeGrantInput = z.strictObject({
  space: spaceKey,
  grantId: z.uuid(),
  role: z.enum(roles).optional(),
  endsAt: endsAt.optional(),
  reason: platformAdminReason,
})

/**
 * Changes a grant's role, end, or both, within the limits of addGrant. Any admin may reduce it.
 * @throws AppError not_found, self_escalation, beyond_own, end_in_past, role_needs_approval, role_too_long,
 *   declared_in_git; bad_input without a reason; space_busy if someone else has just changed it
 */
export const changeGrant = changeSpace({
  permission: 'change-grant',
  action: 'grant.change',
  input: changeGrantInput,
  living: true,
  prepare: async function prepareChangeGrant({ ctx, space, input, about }) {
    if (input.role === undefined && input.endsAt === undefined) return { result: undefined }
    assertFuture(ctx, input.endsAt ?? null)
    const grant = await findGrant(ctx.db, space.id, input.grantId)
    if (!grant) throw new AppError('not_found')
    assertAfterStart(input.endsAt, grant.startsAt)
    const principal = principalOf(grant)
    const before = { role: grant.role, endsAt: grant.endsAt }
    const after = { role: input.role ?? grant.role, endsAt: input.endsAt === undefined ? grant.endsAt : input.endsAt }
    const authority = await authorizeGrant(ctx, ctx.db, space.id, principal, after, before)
    assertWithinPolicy(ctx, after, before)
    const more = !givesLess(after, before)
    if (more) assertNotDeclared(ctx, space, 'members')
    const { reason } = input
    if (more) assertReason(authority, reason)
    const asPlatformAdmin = authority === 'platform-admin' && { asPlatformAdmin: true, reason }
    about({ detail: { ...describePrincipal(principal), before, after, ...asPlatformAdmin } })
    return {
      write: async function writeChangeGrant({ tx, space: held, now }) {
        if (more) assertNotDeclared(now, held, 'members')
        if ((await authorizeGrant(now, tx, space.id, principal, after, before)) !== authority)
          throw new AppError('space_busy')
        assertWithinPolicy(now, after, before)
        const counts = more && authority === 'own' && grant.withheldFrom.length > 0
        const changed = counts
          ? await replaceGrantRow(tx, { id: grant.id, before }, after, { at: ctx.clock(), byId: ctx.actor.userId })
          : await updateGrantRow(
              tx,
              { id: grant.id, before },
              { ...after, ...(more && withheld(grant, authority, ctx)) },
            )
        if (!changed) throw new AppError('space_busy')
        await notifyGrantee(ctx, tx, held, principal, {
          kind: 'access-changed',
          before: standingOf(before),
          after: standingOf(after),
        })
        if (authority === 'platform-admin') {
          await notifyOwner(ctx, tx, held, {
            kind: 'grant',
            to: toPrincipal(ctx, principal),
            role: after.role,
            endsAt: after.endsAt?.toISOString() ?? null,
            before: before.role,
            reason,
          })
        }
      },
    }
  },
})

const standingOf = ({ role, endsAt: ends }: { role: Role; endsAt: Date | null }) => ({
  role,
  endsAt: ends?.toISOString() ?? null,
})

/**
 * A platform admin gains nothing from a grant they extend by platform role. If they extend one from their own role, it
 * counts for them: that needs a new row, because a row never loses an entry of withheld_from.
 */
const withheld = (grant: FoundGrant, authority: Authority, ctx: BrokerContext) =>
  authority === 'own' ? {} : { withheldFrom: [...new Set([...grant.withheldFrom, ctx.actor.userId])] }

/**
 * A scheduled role can't end before it starts.
 * @throws AppError end_in_past
 */
function assertAfterStart(endsAt: Date | null | undefined, startsAt: Date): void {
  if (endsAt && endsAt <= startsAt)
    throw new AppError('end_in_past', { fields: { endsAt: 'Choose an end after the start, or remove the role.' } })
}
