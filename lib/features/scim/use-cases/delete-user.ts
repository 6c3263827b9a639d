import { holdScimUser } from '#lib/features/scim/db/hold-scim-user.ts'
import { deleteScimUser } from '#lib/features/scim/db/scim-users.ts'
import { keepDeactivated } from '#lib/kernel/db/people/mark-person.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import { assertVersion } from './assert-version.ts'
import { deactivate } from './change-active.ts'
import { changeProvisioned } from './provision.ts'

/**
 * Shuts a person out, until an admin reactivates them, and forgets what the provider knew of them. Their account stays, deactivated: the trail and what they
 * own refer to it, and their handle is never given to anybody else.
 * @throws AppError not_found, scim_version
 */
export const deleteUser = changeProvisioned({
  action: 'provisioning.user-delete',
  endsAccess: true,
  about: ({ id }: { id: string; ifMatch: string | null }) => ({ target: { kind: 'person' }, detail: { scimId: id } }),
  async write({ ctx, tx, input: { id, ifMatch }, about }): Promise<void> {
    const held = await holdScimUser(tx, id)
    if (!held) throw new AppError('not_found')
    const { account, user } = held
    about({ target: { kind: 'person', id: account.userId, name: account.handle } })
    assertVersion(user, ifMatch)
    // While they are in their groups: the spaces that these give them are reconciled.
    await deactivate(ctx, tx, account, 'The identity provider deleted the account')
    // Otherwise provisioning could let them in again: created as inactive, then set to active.
    await keepDeactivated(tx, account.userId)
    await deleteScimUser(tx, { id, userId: account.userId })
  },
})
