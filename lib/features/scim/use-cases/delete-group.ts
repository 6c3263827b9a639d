import { deleteScimGroup, findScimGroup, holdScimGroup } from '#lib/features/scim/db/scim-groups.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import { assertVersion } from './assert-version.ts'
import { notifyOwnersOfRelease } from './notify-owners.ts'
import { changeProvisioned } from './provision.ts'
import { changeGroups, holdRoles } from './push-groups.ts'

/**
 * Deletes a pushed group. It has no members until sign-ins name it again. Its roles stay, and apply to those members.
 * @throws AppError not_found, scim_version, scim_unlisted
 */
export const deleteGroup = changeProvisioned({
  action: 'provisioning.group-delete',
  endsAccess: true,
  about: ({ id }: { id: string; ifMatch: string | null }) => ({ target: { kind: 'group', id } }),
  async write({ ctx, tx, input: { id, ifMatch }, about }): Promise<void> {
    const seen = await findScimGroup(tx, id, { withMembers: false })
    if (!seen) throw new AppError('not_found')
    await holdRoles(ctx, tx, [seen.displayName])
    const group = await holdScimGroup(tx, id)
    if (!group) throw new AppError('not_found')
    const name = group.displayName
    about({ target: { kind: 'group', id, name } })
    if (name !== seen.displayName) throw new AppError('scim_version')
    assertVersion(group, ifMatch)
    const { issuer, settings: roles } = ctx
    const change = { issuer, names: [name], released: [name], roles }
    const { detail } = await changeGroups(ctx, tx, change, () => deleteScimGroup(tx, id))
    const owners = await notifyOwnersOfRelease(ctx, tx, name, issuer)
    about({ detail: { ...detail, ...(owners > 0 && { spacesNotified: owners }) } })
  },
})
