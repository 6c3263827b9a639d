import { randomUUID } from 'node:crypto'
import { findScimGroup, insertScimGroup } from '#lib/features/scim/db/scim-groups.ts'
import { selectMembers } from '#lib/features/scim/db/select-gained-access.ts'
import type { Group } from '#lib/features/scim/protocol/group.ts'
import type { StoredGroup } from '#lib/features/scim/protocol/render.ts'
import { scimFailure } from '#lib/features/scim/protocol/scim-failure.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import { changeMembers, memberDetails } from './change-members.ts'
import { notifyOwnersOfPush } from './notify-owners.ts'
import { changeProvisioned } from './provision.ts'
import { changeGroups, holdRoles } from './push-groups.ts'

/**
 * Pushes a group. From now on, its members are the pushed ones; sign-ins no longer count for it.
 * @throws AppError scim_unlisted, scim_taken, scim_value, scim_too_large
 */
export const createGroup = changeProvisioned({
  action: 'provisioning.group-create',
  about: ({ displayName }: Group) => ({ target: { kind: 'group', name: displayName } }),
  async write({ ctx, tx, input: { displayName, externalId, members }, about }): Promise<StoredGroup> {
    const { issuer, settings: roles } = ctx
    const { tokenId } = ctx.provisioner
    await holdRoles(ctx, tx, [displayName])
    const id = randomUUID()
    const before = await selectMembers(tx, { group: displayName, issuer })
    const pushed = await changeGroups(ctx, tx, { issuer, names: [displayName], released: [], roles }, async () => {
      const group = { id, issuer, displayName, externalId: externalId ?? null, tokenId, at: ctx.clock() }
      if (!(await insertScimGroup(tx, group))) throw scimFailure('scim_taken', 'Another group has this displayName.')
      return changeMembers(tx, id, { replace: false, add: members ?? [], remove: [], tokenId })
    })
    const takenOver = before.length > 0
    const owners = await notifyOwnersOfPush(ctx, tx, { group: displayName, joined: null, before, takenOver })
    about({
      target: { kind: 'group', id, name: displayName },
      detail: { ...memberDetails(pushed.result), ...pushed.detail, ...(owners > 0 && { spacesNotified: owners }) },
    })
    const group = await findScimGroup(tx, id, { withMembers: true })
    if (!group) throw new AppError('not_found')
    return group
  },
})
