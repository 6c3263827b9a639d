import { clusterRoleOf, greaterStanding, type Role } from '#lib/kernel/model/access/role.ts'

/** A grant as stored: a principal has a role from a start to an end (null: no end), unless it was removed. */
export type GrantSpan = { role: Role; startsAt: Date; endsAt: Date | null; removedAt: Date | null }

/** @returns whether a grant counts at an instant; the end itself is exclusive */
export const isEffective = (grant: GrantSpan, at: Date): boolean =>
  grant.removedAt === null && grant.startsAt <= at && (grant.endsAt === null || at < grant.endsAt)

export type Member = {
  userId: string
  handle: string
  email: string
  name: string
  /** Who they are to the identity provider; their ServiceAccount on a cluster says so. */
  account?: { issuer: string; subject: string; subjectClaim?: string }
}
export type MemberGrant = GrantSpan & { member: Member }
/** Somebody with their role on the cluster. */
export type SpaceMember = { member: Member; role: Role }

/**
 * The effective members of a space, each with the highest role on the cluster that their grants give.
 * @param grants one entry per person and grant, groups already expanded to their known members
 */
export function effectiveMembers(owner: Member, grants: readonly MemberGrant[], at: Date): Map<string, SpaceMember> {
  const found = new Map<string, SpaceMember>()
  for (const grant of grants) {
    if (!isEffective(grant, at)) continue
    const given = clusterRoleOf(grant.role, grant.endsAt !== null)
    const role = greaterStanding(found.get(grant.member.userId)?.role ?? null, given) ?? given
    found.set(grant.member.userId, { member: grant.member, role })
  }
  found.set(owner.userId, { member: owner, role: clusterRoleOf('owner', false) })
  return found
}
