import type { PlatformRole } from '#lib/domain/role.ts'
import { Prisma, type Tx } from './client.ts'
import { countedClaims, holdPushedGroups } from './counted-claims.ts'
import { isPausedSql } from './group-member-sql.ts'
import { replaceGroups } from './replace-groups.ts'

export type SavedClaims = {
  name: string
  email: string
  emailUnverified: boolean
  /** undefined: the provider didn't say which groups the person is in. */
  groups:
    | {
        names: readonly string[]
        leftOut: readonly string[]
        /** The platform role that groups give. */
        platformRoleOf: (groups: readonly string[]) => PlatformRole
        /** Groups that may be pushed though they give a platform role. */
        listed: readonly string[]
      }
    | undefined
}

/** What became of a person's groups and platform role. */
export type ClaimsChange = { joined: string[]; left: string[]; roleBefore: PlatformRole; role: PlatformRole }

/**
 * Stores what the provider says about a person now; spaces in which a joined or left group has a role are queued.
 * @param askedAt when the provider was asked
 * @returns null: the person stays as they are, because they are deactivated or a newer answer is known
 */
export async function saveClaims(
  tx: Tx,
  person: { id: string; issuer: string },
  { groups, ...profile }: SavedClaims,
  askedAt: Date,
): Promise<ClaimsChange | null> {
  const mayHaveRole = groups !== undefined && groups.platformRoleOf(groups.names) !== 'member'
  if (mayHaveRole) await holdPushedGroups(tx, 'as they are')
  const [held] = await tx.$queryRaw<{ role: PlatformRole; stays: boolean; wasPaused: boolean }[]>(Prisma.sql`
    SELECT u.platform_role::text AS role, u.deactivated_at IS NOT NULL OR u.groups_verified_at > ${askedAt} AS stays,
      u.groups_paused_at IS NOT NULL OR ${isPausedSql('u')} AS "wasPaused"
    FROM user_account u WHERE u.id = ${person.id}::uuid FOR NO KEY UPDATE`)
  if (!held || held.stays) return null
  const counted = mayHaveRole ? await countedClaims(tx, person.id, person.issuer, groups.names, groups.listed) : []
  const role = groups ? groups.platformRoleOf(counted) : held.role
  await tx.user.update({
    where: { id: person.id },
    data: {
      ...profile,
      ...(groups && {
        platformRole: role,
        leftOutGroups: [...groups.leftOut],
        groupsVerifiedAt: askedAt,
        groupsPausedAt: null,
      }),
    },
    select: { id: true },
  })
  const moved = groups
    ? await replaceGroups(tx, person.id, person.issuer, groups.names, held.wasPaused)
    : { joined: [], left: [] }
  return { ...moved, roleBefore: held.role, role }
}
