import { holdScimUser } from '#lib/features/scim/db/hold-scim-user.ts'
import { deleteScimUser } from '#lib/features/scim/db/scim-users.ts'
import { keepDeactivated } from '#lib/kernel/db/people/mark-person.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import { assertVersion } from './assert-version.ts'
import { deactivate } from './change-active.ts'
import { changeProvisioned } from './provision.ts'

/**
 * Deactivates a person until an admin reactivates them, and deletes the provider's data about them. The deactivated
 * account stays: the trail and their spaces refer to it, and its handle is never reused.
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
    // Before the memberships are deleted, so that the groups' spaces are reconciled.
    await deactivate(ctx, tx, account, 'The identity provider deleted the account')
    // Otherwise provisioning could reactivate them by creating them as inactive, then setting them to active.
    await keepDeactivated(tx, account.userId)
    await deleteScimUser(tx, { id, userId: account.userId })
  },
})
