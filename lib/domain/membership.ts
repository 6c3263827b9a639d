import { greaterStanding, type Role, type Standing } from './role.ts'

/** A grant as the database holds it: a principal has a role from a start to an end (or open) unless it was removed. */
export type GrantSpan = { role: Role; startsAt: Date; endsAt: Date | null; removedAt: Date | null }

/** @returns whether a grant counts at an instant; the end itself is outside */
export const isEffective = (grant: GrantSpan, at: Date): boolean =>
  grant.removedAt === null && grant.startsAt <= at && (grant.endsAt === null || at < grant.endsAt)

export type Member = { userId: string; handle: string; email: string; name: string }
export type MemberGrant = GrantSpan & { member: Member }

/**
 * The effective members of a space, each with the greatest of their roles.
 * @param grants one entry per person and grant, groups already expanded to the people known to be in them
 */
export function effectiveMembers(
  owner: Member,
  grants: readonly MemberGrant[],
  at: Date,
): Map<string, { member: Member; standing: Standing }> {
  const found = new Map<string, { member: Member; standing: Standing }>()
  for (const grant of grants) {
    if (!isEffective(grant, at)) continue
    const standing =
      greaterStanding<Standing>(found.get(grant.member.userId)?.standing ?? null, grant.role) ?? grant.role
    found.set(grant.member.userId, { member: grant.member, standing })
  }
  found.set(owner.userId, { member: owner, standing: 'owner' })
  return found
}
