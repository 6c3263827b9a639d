import { findScimGroup, holdScimGroup, updateScimGroup } from '#lib/features/scim/db/scim-groups.ts'
import { selectMembers } from '#lib/features/scim/db/select-gained-access.ts'
import type { GroupChange } from '#lib/features/scim/protocol/group.ts'
import type { StoredGroup } from '#lib/features/scim/protocol/render.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import { assertVersion } from './assert-version.ts'
import { changeMembers, memberDetails } from './change-members.ts'
import { notifyOwnersOfPush, notifyOwnersOfRelease } from './notify-owners.ts'
import { changeProvisioned } from './provision.ts'
import { changeGroups, holdRoles } from './push-groups.ts'

type Input = { id: string; ifMatch: string | null; change: GroupChange; withMembers: boolean }

/**
 * Replaces or patches a pushed group, all or nothing. Removed members lose the group's access immediately, and a
 * renamed group gives up its old name. The token becomes the source of the members and the name that it sets.
 * @throws AppError not_found, scim_unlisted, scim_version, scim_taken, scim_value, scim_too_large
 */
export const changeGroup = changeProvisioned({
  action: 'provisioning.group-change',
  endsAccess: true,
  about: ({ id }: Input) => ({ target: { kind: 'group', id } }),
  async write({ ctx, tx, input: { id, ifMatch, change: given, withMembers }, about, undo }): Promise<StoredGroup> {
    const { displayName: wanted, add, remove, replace } = given
    const seen = await findScimGroup(tx, id, { withMembers: false })
    if (!seen) throw new AppError('not_found')
    await holdRoles(ctx, tx, [seen.displayName, wanted ?? seen.displayName])
    const before = await holdScimGroup(tx, id)
    if (!before) throw new AppError('not_found')
    about({ target: { kind: 'group', id, name: before.displayName } })
    // Renamed in the meantime: the locked roles are those of the old name.
    if (before.displayName !== seen.displayName) throw new AppError('scim_version')
    assertVersion(before, ifMatch)
    const after = {
      displayName: wanted ?? before.displayName,
      externalId: given.externalId === undefined ? before.externalId : given.externalId,
    }
    const isRenamed = after.displayName !== before.displayName
    const names = isRenamed ? [before.displayName, after.displayName] : [before.displayName]
    const released = isRenamed ? [before.displayName] : []
    const { issuer, settings: roles } = ctx
    const { tokenId } = ctx.provisioner
    const group = after.displayName
    const renames = wanted !== undefined && (isRenamed || before.namedById !== tokenId)
    const known = renames ? await selectMembers(tx, { group, issuer }) : []
    const change = async () => {
      const members = await changeMembers(tx, id, { replace, add: [...add], remove: [...remove], tokenId })
      const isMoved = members.joined.length > 0 || members.left.length > 0 || members.restated.length > 0
      if (!isMoved && !renames && after.externalId === before.externalId)
        return undo((await findScimGroup(tx, id, { withMembers })) ?? before)
      await updateScimGroup(tx, id, { ...after, namedById: renames ? tokenId : before.namedById, tokenId }, ctx.clock())
      return members
    }
    const changed = await changeGroups(ctx, tx, { issuer, names, released, roles }, change, ({ left }) => left)
    const { joined, restated } = changed.result
    const owners = await notifyOwnersOfPush(ctx, tx, {
      group,
      joined: renames ? null : [...joined, ...restated].map((member) => member.id),
      before: known,
      takenOver: isRenamed && known.length > 0,
    })
    const left = isRenamed ? await notifyOwnersOfRelease(ctx, tx, before.displayName, issuer) : 0
    about({
      detail: {
        ...memberDetails(changed.result),
        ...(isRenamed && { renamedTo: after.displayName }),
        ...changed.detail,
        ...(owners + left > 0 && { spacesNotified: owners + left }),
      },
    })
    const stored = await findScimGroup(tx, id, { withMembers })
    if (!stored) throw new AppError('not_found')
    return stored
  },
})
