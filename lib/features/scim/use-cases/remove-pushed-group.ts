import { z } from 'zod'
import { deleteScimGroup, holdScimGroup } from '#lib/features/scim/db/scim-groups.ts'
import { countPushedGroup, type FoundGroup, findPushedGroup } from '#lib/features/scim/db/select-pushed-groups.ts'
import { selectRoleHolderIds } from '#lib/kernel/db/people/role-holders.ts'
import { changeFound } from '#lib/kernel/define/change-found.ts'
import { actReason } from '#lib/kernel/use-case/fields.ts'
import { privilegedAmong } from './assert-listed.ts'
import { givesRole } from './change-members.ts'
import { notifyOwnersOfRelease } from './notify-owners.ts'
import { changeGroups } from './push-groups.ts'

export const removePushedGroupInput = z.strictObject({ id: z.uuid(), reason: actReason })

/** As long as the limit of a push: it may have thousands of members, with roles in thousands of spaces. */
const transactionMs = 30_000

/** `holders`: people with a platform role and a sign-in that named the group. */
type GroupWithHolders = FoundGroup & { holders: string[] }

/**
 * Removes a pushed group as the provider could: members lose its access, and sign-ins decide its members from their
 * next one on. A token may push it again. Notifies the owners of spaces in which it has a role. For an unlisted
 * privileged group, stored sign-ins keep counting, since they always did: removing it would otherwise remove the
 * approvers.
 * @throws AppError not_found
 */
export const removePushedGroup = changeFound({
  by: { permission: 'remove-pushed-group' },
  action: 'provisioning.group-remove',
  kind: 'group',
  endsAccess: true,
  input: removePushedGroupInput,
  find: async function findForRemovePushedGroup(db, ctx, id): Promise<GroupWithHolders | null> {
    const group = await findPushedGroup(db, id)
    if (!group) return null
    const holders = givesRole(ctx.roleGroups, [group.name])
      ? await selectRoleHolderIds(db, group.issuer, [group.name])
      : []
    return { ...group, holders }
  },
  holds: ({ holders }) => ({ people: holders, spaceId: null }),
  prepare: function prepareRemovePushedGroup({ ctx, found: { name, issuer }, input: { id, reason }, about }) {
    about({ target: { kind: 'group', id, name }, detail: { reason } })
    return {
      transactionMs,
      write: async function writeRemovePushedGroup({ tx, undo }) {
        const held = await holdScimGroup(tx, id)
        if (held?.displayName !== name) return undo()
        const counted = await countPushedGroup(tx, id, ctx.clock())
        const roles = ctx.roleGroups
        const isListed = ctx.policy.pushedPrivilegedGroups.includes(name)
        const keepsClaims = !isListed && (await privilegedAmong(ctx, roles, tx, [name])).length > 0
        const change = { issuer, names: [name], released: keepsClaims ? [] : [name], roles }
        const { detail } = await changeGroups(ctx, tx, change, () => deleteScimGroup(tx, id))
        await notifyOwnersOfRelease(ctx, tx, name, issuer)
        about({ detail: { ...counted, ...detail } })
      },
      already: undefined,
    }
  },
})
