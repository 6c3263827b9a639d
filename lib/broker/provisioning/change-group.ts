import { changeProvisioned } from '#lib/broker/define/provision.ts'
import { findScimGroup } from '#lib/db/find-scim-group.ts'
import { holdScimGroup } from '#lib/db/hold-scim-group.ts'
import { updateScimGroup } from '#lib/db/update-scim-group.ts'
import { AppError } from '#lib/domain/errors.ts'
import type { GroupChange } from '#lib/scim/group.ts'
import type { StoredGroup } from '#lib/scim/render.ts'
import { assertVersion } from './assert-version.ts'
import { changeMembers, toldMembers } from './change-members.ts'
import { changeGroups, holdRoles } from './push-groups.ts'

type Input = { id: string; ifMatch: string | null; change: GroupChange; withMembers: boolean }

/**
 * Replaces or patches a pushed group, all or nothing. Who leaves loses at once what the group gave; a group that is renamed
 * gives up its old name.
 * @throws AppError not_found, scim_version, scim_taken, scim_value, scim_too_large
 */
export const changeGroup = changeProvisioned({
  action: 'provisioning.group-change',
  about: ({ id }: Input) => ({ target: { kind: 'group', id } }),
  async write({ ctx, tx, input: { id, ifMatch, change, withMembers }, about, undo }): Promise<StoredGroup> {
    const { displayName: wanted, add, remove, replace } = change
    const seen = await findScimGroup(tx, id, { withMembers: false })
    if (!seen) throw new AppError('not_found')
    await holdRoles(ctx, tx, [seen.displayName, wanted ?? seen.displayName])
    const before = await holdScimGroup(tx, id)
    if (!before) throw new AppError('not_found')
    about({ target: { kind: 'group', id, name: before.displayName } })
    // Renamed in the meantime: other roles are at stake than those that are held.
    if (before.displayName !== seen.displayName) throw new AppError('scim_version')
    assertVersion(before, ifMatch)
    const after = {
      displayName: wanted ?? before.displayName,
      externalId: change.externalId === undefined ? before.externalId : change.externalId,
    }
    const isRenamed = after.displayName !== before.displayName
    const names = isRenamed ? [before.displayName, after.displayName] : [before.displayName]
    const givenUp = isRenamed ? [before.displayName] : []
    const changed = await changeGroups(ctx, tx, { names, givenUp }, async () => {
      const members = await changeMembers(tx, id, { replace, add: [...add], remove: [...remove] })
      const isMoved = members.joined.length > 0 || members.left.length > 0
      if (!isMoved && !isRenamed && after.externalId === before.externalId)
        return undo((await findScimGroup(tx, id, { withMembers })) ?? before)
      await updateScimGroup(tx, id, after, ctx.clock())
      return members
    })
    about({
      detail: {
        ...toldMembers(changed.result),
        ...(isRenamed && { renamedTo: after.displayName }),
        ...changed.detail,
      },
    })
    const group = await findScimGroup(tx, id, { withMembers })
    if (!group) throw new AppError('not_found')
    return group
  },
})
