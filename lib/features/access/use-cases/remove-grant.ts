import { z } from 'zod'
import { findGrant } from '#lib/features/access/db/find-grant.ts'
import { endGrant } from '#lib/kernel/db/spaces/end-grants.ts'
import type { SpaceRecord } from '#lib/kernel/db/spaces/find-space.ts'
import { selectAccessSpans } from '#lib/kernel/db/spaces/select-grants.ts'
import { changeSpace } from '#lib/kernel/define/change-space.ts'
import { greaterStanding, type Standing } from '#lib/kernel/model/access/role.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import { spaceKey } from '#lib/kernel/use-case/authorize.ts'
import { platformAdminReason } from '#lib/kernel/use-case/fields.ts'
import { assertReason } from './authorize-giving.ts'
import { describePrincipal, principalOf } from './grant-rows.ts'
import { notifyGrantee } from './notify-grantee.ts'
import { notifyOwner, toPrincipal } from './notify-owner.ts'
import type { ResolvedPrincipal } from './resolve-principal.ts'

export const removeGrantInput = z.strictObject({ space: spaceKey, grantId: z.uuid(), reason: platformAdminReason })

/** The former grantee, and the person's remaining access (null: none, and always null for a group). */
type Removed = { principal: ResolvedPrincipal; left: Standing | null }

/**
 * Removes a role. Without remaining access, the gateway refuses further requests and closes open streams. A platform
 * admin who acts by platform role gives a reason, and the owner is notified.
 * @throws AppError not_found; bad_input without a reason; space_busy if their own standing has just changed
 */
export const removeGrant = changeSpace({
  permission: 'remove-grant',
  action: 'grant.remove',
  endsAccess: true,
  input: removeGrantInput,
  prepare: async function prepareRemoveGrant({ ctx, space, input, about }) {
    const grant = await findGrant(ctx.db, space.id, input.grantId)
    if (!grant) throw new AppError('not_found')
    const principal = principalOf(grant)
    const asPlatformAdmin = isByPlatformAdmin(space)
    if (asPlatformAdmin) assertReason('platform-admin', input.reason)
    about({
      detail: {
        ...describePrincipal(principal),
        role: grant.role,
        ...(asPlatformAdmin && { asPlatformAdmin, reason: input.reason }),
      },
    })
    return {
      write: async function writeRemoveGrant({ tx, space: held }): Promise<Removed> {
        if (isByPlatformAdmin(held) !== asPlatformAdmin) throw new AppError('space_busy')
        const at = ctx.clock()
        // Someone else has removed it since.
        if (!(await endGrant(tx, grant.id, { at, byId: ctx.actor.userId }))) throw new AppError('not_found')
        if (asPlatformAdmin) {
          const { reason } = input
          await notifyOwner(ctx, tx, held, {
            kind: 'removal',
            to: toPrincipal(ctx, principal),
            role: grant.role,
            reason,
          })
        }
        if (grant.userId === null) return { principal, left: null }
        const others = await selectAccessSpans(tx, space.id, grant.userId, at)
        const left = others.reduce<Standing | null>((most, { standing }) => greaterStanding(most, standing), null)
        await notifyGrantee(ctx, tx, held, principal, { kind: 'access-removed', role: grant.role, left })
        return { principal, left }
      },
    }
  },
})

/** Whether the person may do this only by platform role. */
const isByPlatformAdmin = ({ standing }: SpaceRecord): boolean => standing !== 'owner' && standing !== 'admin'
