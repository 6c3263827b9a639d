import { Prisma, type Tx } from '#lib/kernel/db/client.ts'
import { countedClaims, holdPushedGroups } from '#lib/kernel/db/people/counted-claims.ts'
import { endRefusedPerson, type RefusedPerson } from '#lib/kernel/db/people/end-refused-person.ts'
import { isSuspendedSql } from '#lib/kernel/db/people/group-member-sql.ts'
import { replaceGroups, selectClaimedGroups } from '#lib/kernel/db/people/group-members.ts'
import { greaterPlatformRole, type PlatformRole } from '#lib/kernel/model/access/role.ts'
import { type Admission, refusalOf } from './admission.ts'
import { decideNamedRole } from './named-role.ts'

export type SavedClaims = {
  name: string
  email: string
  emailUnverified: boolean
  groups: {
    /** null: the provider didn't send groups, so they stay unchanged. */
    names: readonly string[] | null
    leftOut: readonly string[]
    platformRoleOf: (groups: readonly string[]) => PlatformRole
    /** Groups that may be pushed although they give a platform role. */
    listed: readonly string[]
  }
  admission?: Admission
}

/**
 * The change of a person's groups and platform role. `refused`: what ended because the operator's limits refuse them.
 */
export type ClaimsChange = {
  joined: string[]
  left: string[]
  roleBefore: PlatformRole
  role: PlatformRole
  refused?: RefusedPerson
}

/**
 * Stores the provider's current claims about a person; queues spaces in which a joined or left group has a role.
 * @param askedAt when the provider was asked
 * @returns null: nothing changed, because the person is deactivated or a newer answer is stored
 */
export async function saveClaims(
  tx: Tx,
  person: { id: string; issuer: string },
  { groups, admission, ...profile }: SavedClaims,
  askedAt: Date,
): Promise<ClaimsChange | null> {
  const { id, issuer } = person
  const { listed, platformRoleOf } = groups
  if (groups.names === null || platformRoleOf(groups.names) !== 'member') await holdPushedGroups(tx, 'as they are')
  const [held] = await tx.$queryRaw<{ role: PlatformRole; stays: boolean; wasSuspended: boolean }[]>(Prisma.sql`
    SELECT u.platform_role::text AS role, u.deactivated_at IS NOT NULL OR u.groups_verified_at > ${askedAt} AS stays,
      u.groups_suspended_at IS NOT NULL OR ${isSuspendedSql('u')} AS "wasSuspended"
    FROM user_account u WHERE u.id = ${id}::uuid FOR NO KEY UPDATE`)
  if (!held || held.stays) return null
  const names = groups.names ?? (await selectClaimedGroups(tx, id))
  const refusal = admission && (await refusalOf(tx, id, { issuer, groups: names, listed }, admission))
  if (refusal) {
    const refused = await endRefusedPerson(tx, person, refusal, askedAt)
    return { joined: [], left: [], roleBefore: held.role, role: 'member', refused }
  }
  const counted = platformRoleOf(names) === 'member' ? [] : await countedClaims(tx, id, issuer, names, listed)
  const named = admission && (await decideNamedRole(tx, id, issuer, admission.named))
  const role = greaterPlatformRole(platformRoleOf(counted), named?.role ?? 'member')
  await tx.user.update({
    where: { id },
    data: {
      ...profile,
      platformRole: role,
      namedRole: named?.role ?? 'member',
      ...(groups.names && { leftOutGroups: [...groups.leftOut], groupsVerifiedAt: askedAt, groupsSuspendedAt: null }),
    },
    select: { id: true },
  })
  const moved = groups.names
    ? await replaceGroups(tx, id, issuer, groups.names, held.wasSuspended)
    : { joined: [], left: [] }
  return { ...moved, roleBefore: held.role, role }
}
