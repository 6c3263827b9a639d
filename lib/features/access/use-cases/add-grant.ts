import { z } from 'zod'
import { insertGrant } from '#lib/kernel/db/spaces/insert-grant.ts'
import { changeSpace } from '#lib/kernel/define/change-space.ts'
import { roles } from '#lib/kernel/model/access/role.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import { assertActive } from '#lib/kernel/use-case/assert-active.ts'
import { assertNotDeclared } from '#lib/kernel/use-case/assert-not-declared.ts'
import { spaceKey } from '#lib/kernel/use-case/authorize.ts'
import { assertFuture, endsAt, platformAdminReason } from '#lib/kernel/use-case/fields.ts'
import { assertWithinPolicy } from './assert-within-policy.ts'
import { assertReason, authorizeGrant } from './authorize-giving.ts'
import { describePrincipal } from './grant-rows.ts'
import { notifyGrantee } from './notify-grantee.ts'
import { notifyOwner, toPrincipal } from './notify-owner.ts'
import { type ResolvedPrincipal, resolvePrincipal } from './resolve-principal.ts'

export const addGrantInput = z.strictObject({
  space: spaceKey,
  principal: z.string().trim().min(1, 'Choose a person or a group.').max(1_100),
  role: z.enum(roles),
  endsAt: endsAt.default(null),
  reason: platformAdminReason,
})

/**
 * Grants a person or a group a role in a space, permanently or until an instant. Unless they own the space, granters
 * are limited to their own role and end. A platform admin may exceed that with a reason, and the owner is notified.
 * @returns the grantee
 * @throws AppError principal_unknown, grant_exists, grant_owner, self_escalation, beyond_own, end_in_past,
 *   role_needs_approval, role_too_long, declared_in_git; bad_input without a reason
 */
export const addGrant = changeSpace({
  permission: 'add-grant',
  action: 'grant.add',
  input: addGrantInput,
  living: true,
  detail: ({ role, principal }) => ({ role, principal }),
  prepare: async function prepareAddGrant({ ctx, space, input: { principal: named, role, endsAt, reason }, about }) {
    assertNotDeclared(ctx, space, 'members')
    assertFuture(ctx, endsAt)
    const principal = await resolvePrincipal(ctx, named)
    const authority = await authorizeGrant(ctx, ctx.db, space.id, principal, { role, endsAt })
    assertReason(authority, reason)
    assertNotOwner(principal, space)
    assertWithinPolicy(ctx, { role, endsAt })
    const asPlatformAdmin = authority === 'platform-admin' && { asPlatformAdmin: true, reason }
    about({ detail: { ...describePrincipal(principal), endsAt, ...asPlatformAdmin } })
    return {
      people: principal.kind === 'user' ? [principal.user.userId] : [],
      write: async function writeAddGrant({ tx, space: held, now }) {
        assertNotDeclared(now, held, 'members')
        if (principal.kind === 'user') await assertActive(tx, principal.user, 'principal')
        assertNotOwner(principal, held)
        if ((await authorizeGrant(now, tx, space.id, principal, { role, endsAt })) !== authority)
          throw new AppError('space_busy')
        assertWithinPolicy(now, { role, endsAt })
        await insertGrant(tx, {
          spaceId: space.id,
          principal,
          role,
          startsAt: ctx.clock(),
          endsAt,
          createdById: ctx.actor.userId,
          requestId: null,
          withheldFrom: authority === 'platform-admin' ? [ctx.actor.userId] : [],
        })
        await notifyGrantee(ctx, tx, held, principal, {
          kind: 'access-given',
          role,
          endsAt: endsAt?.toISOString() ?? null,
        })
        if (authority === 'platform-admin') {
          await notifyOwner(ctx, tx, held, {
            kind: 'grant',
            to: toPrincipal(ctx, principal),
            role,
            endsAt: endsAt?.toISOString() ?? null,
            before: null,
            reason,
          })
        }
        return principal
      },
    }
  },
})

/** @throws AppError grant_owner */
function assertNotOwner(principal: ResolvedPrincipal, space: { ownerId: string }): void {
  if (principal.kind === 'user' && principal.user.userId === space.ownerId) throw new AppError('grant_owner')
}
