import { randomUUID } from 'node:crypto'
import { changeProvisioned } from '#lib/broker/define/provision.ts'
import { findScimGroup } from '#lib/db/find-scim-group.ts'
import { insertScimGroup } from '#lib/db/insert-scim-group.ts'
import { AppError } from '#lib/domain/errors.ts'
import type { Group } from '#lib/scim/group.ts'
import type { StoredGroup } from '#lib/scim/render.ts'
import { scimFailure } from '#lib/scim/scim-failure.ts'
import { changeMembers, toldMembers } from './change-members.ts'
import { changeGroups, holdRoles } from './push-groups.ts'

/**
 * Pushes a group. From now on only its members are in the group of that name, whatever sign-ins say of it.
 * @throws AppError scim_taken, scim_value, scim_too_large
 */
export const createGroup = changeProvisioned({
  action: 'provisioning.group-create',
  about: ({ displayName }: Group) => ({ target: { kind: 'group', name: displayName } }),
  async write({ ctx, tx, input: { displayName, externalId, members }, about }): Promise<StoredGroup> {
    const { issuer } = ctx
    await holdRoles(ctx, tx, [displayName])
    const id = randomUUID()
    const pushed = await changeGroups(ctx, tx, { names: [displayName], givenUp: [] }, async () => {
      const group = { id, issuer, displayName, externalId: externalId ?? null, at: ctx.clock() }
      if (!(await insertScimGroup(tx, group))) throw scimFailure('scim_taken', 'Another group has this displayName.')
      return changeMembers(tx, id, { replace: false, add: members ?? [], remove: [] })
    })
    about({
      target: { kind: 'group', id, name: displayName },
      detail: { ...toldMembers(pushed.result), ...pushed.detail },
    })
    const group = await findScimGroup(tx, id, { withMembers: true })
    if (!group) throw new AppError('not_found')
    return group
  },
})
