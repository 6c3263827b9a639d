import { z } from 'zod'
import { isActiveAdmin } from '#lib/features/scim/db/scim-token-requests.ts'
import { selectAdminIds } from '#lib/kernel/db/people/admins.ts'
import { findTokenWithMakers, takeOverScimToken } from '#lib/kernel/db/scim/take-over-scim-token.ts'
import { enqueueReconcileForMembers } from '#lib/kernel/db/spaces/enqueue-reconcile.ts'
import { changeFound } from '#lib/kernel/define/change-found.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import { nameOf, notifyPeople } from '#lib/kernel/use-case/notify-people.ts'
import { tokenRules } from './token-rules.ts'

export const takeOverTokenInput = z.strictObject({
  id: z.uuid(),
  /** The handle of the person to replace. */
  from: z.string().max(100),
})

/**
 * Makes a platform admin responsible for a provisioning token that stopped because the person responsible is no longer
 * an active platform admin. The new admin counts as one of its makers from then on. Notifies all platform admins.
 * @throws AppError not_found, token_not_stopped
 */
export const takeOverProvisioningToken = changeFound({
  by: { permission: 'take-over-provisioning-token' },
  action: 'provisioning.token-take-over',
  kind: 'provisioning-token',
  input: takeOverTokenInput,
  find: (db, _ctx, id) => findTokenWithMakers(db, id),
  holds: ({ makers }) => ({ people: makers.map(({ userId }) => userId), spaceId: null }),
  prepare: function prepareTakeOverProvisioningToken({ found, input: { id, from }, about }) {
    about({ target: { kind: 'provisioning-token', id, name: found.name }, detail: { from } })
    return {
      write: async function writeTakeOverProvisioningToken({ tx, now, found: held }): Promise<void> {
        const rules = tokenRules(now)
        const left = held.makers.find(({ responsible, user }) => responsible && user.handle === from)
        if (!left || held.revokedAt !== null || held.expiresAt <= rules.at) throw new AppError('not_found')
        if (await isActiveAdmin(tx, left.userId, rules)) throw new AppError('token_not_stopped')
        if (!(await takeOverScimToken(tx, id, { from: left.userId, to: now.actor.userId })))
          throw new AppError('token_not_stopped', {
            sentence: 'You are already responsible for this token. Another platform admin has to take over.',
          })
        // Memberships that the token gave them no longer count.
        await enqueueReconcileForMembers(tx, [now.actor.userId])
        const event = {
          kind: 'token-taken-over' as const,
          name: held.name,
          by: nameOf(now.actor),
          from: nameOf(left.user),
        }
        await notifyPeople(now, tx, event, { to: await selectAdminIds(tx, now.issuers) })
      },
    }
  },
})
