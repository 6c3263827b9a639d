import type { PlatformRole } from '#lib/domain/role.ts'
import type { Tx } from './client.ts'
import { replaceGroups } from './replace-groups.ts'

export type SavedClaims = {
  name: string
  email: string
  emailUnverified: boolean
  /** undefined: the provider didn't say which groups the person is in. */
  groups: { names: readonly string[]; leftOut: readonly string[]; platformRole: PlatformRole } | undefined
}

/** What became of a person's groups and platform role. */
export type ClaimsChange = { joined: string[]; left: string[]; roleBefore: PlatformRole; role: PlatformRole }

/**
 * Stores what the provider says about a person now; spaces in which a joined or left group has a role are queued.
 * @returns null: the person is deactivated, and stays as they are
 */
export async function saveClaims(
  tx: Tx,
  person: { id: string; issuer: string },
  { groups, ...profile }: SavedClaims,
  at: Date,
): Promise<ClaimsChange | null> {
  const [held] = await tx.$queryRaw<{ role: PlatformRole; deactivated: boolean }[]>`
    SELECT platform_role::text AS role, deactivated_at IS NOT NULL AS deactivated FROM user_account
    WHERE id = ${person.id}::uuid FOR NO KEY UPDATE`
  if (!held || held.deactivated) return null
  const role = groups?.platformRole ?? held.role
  await tx.user.update({
    where: { id: person.id },
    data: {
      ...profile,
      ...(groups && { platformRole: role, leftOutGroups: [...groups.leftOut], groupsVerifiedAt: at }),
    },
    select: { id: true },
  })
  const moved = groups ? await replaceGroups(tx, person.id, person.issuer, groups.names) : { joined: [], left: [] }
  return { ...moved, roleBefore: held.role, role }
}
