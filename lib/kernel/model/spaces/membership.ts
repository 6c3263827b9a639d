import { clusterRoleOf, greaterStanding, type Role } from '#lib/kernel/model/access/role.ts'

/** A stored grant: a role from a start to an end (null: no end), unless it was removed. */
export type GrantSpan = { role: Role; startsAt: Date; endsAt: Date | null; removedAt: Date | null }

/** @returns whether a grant is in effect at an instant; its end is exclusive */
export const isEffective = (grant: GrantSpan, at: Date): boolean =>
  grant.removedAt === null && grant.startsAt <= at && (grant.endsAt === null || at < grant.endsAt)

export type Member = {
  userId: string
  handle: string
  email: string
  name: string
  /** Their identity at the provider, stored on their ServiceAccount on a cluster. */
  account?: { issuer: string; subject: string; subjectClaim?: string }
}
export type MemberGrant = GrantSpan & { member: Member }
export type SpaceMember = { member: Member; role: Role }

/**
 * Finds a space's effective members, each with their highest cluster role.
 * @param grants one entry per person and grant, with groups expanded to their known members
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
