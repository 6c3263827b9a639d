import {
  changeScimMembers,
  type MembersChange,
  type MembersChanged,
} from '#lib/features/scim/db/change-scim-members.ts'
import { scimFailure } from '#lib/features/scim/protocol/scim-failure.ts'
import type { Tx } from '#lib/kernel/db/client.ts'
import type { ProvisioningContext } from '#lib/kernel/use-case/context.ts'

const maxMembersOfGroup = 20_000
const maxNamed = 50

/** @throws AppError scim_value for unknown members; scim_too_large */
export async function changeMembers(tx: Tx, groupId: string, change: MembersChange): Promise<MembersChanged> {
  const changed = await changeScimMembers(tx, groupId, change)
  if (changed.unknown.length > 0)
    throw scimFailure('scim_value', `members: there is no user with the id ${changed.unknown.join(', ')}.`)
  if (changed.members > maxMembersOfGroup)
    throw scimFailure('scim_too_large', `A group has at most ${maxMembersOfGroup} members.`)
  return changed
}

/** For the trail: few enough to fit into a row. */
export const memberDetails = ({ joined, left, restated }: Pick<MembersChanged, 'joined' | 'left' | 'restated'>) => ({
  joined: joined.slice(0, maxNamed).map(({ handle }) => handle),
  joinedCount: joined.length,
  left: left.slice(0, maxNamed).map(({ handle }) => handle),
  leftCount: left.length,
  ...(restated.length > 0 && { restatedCount: restated.length }),
})

/** Groups of the main provider that give a platform role. */
export type RoleGroups = Pick<ProvisioningContext['settings'], 'adminGroups' | 'auditorGroups'>

/** @returns whether one of the groups gives a platform role */
export const givesRole = ({ adminGroups, auditorGroups }: RoleGroups, names: readonly string[]): boolean =>
  names.some((name) => adminGroups.includes(name) || auditorGroups.includes(name))
