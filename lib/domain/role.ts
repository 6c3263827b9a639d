import { bareIssuer } from './bare-issuer.ts'

/** Roles of a space, from the least to the most. Each is a ClusterRole `spaceport:{role}`. */
export const roles = ['viewer', 'editor', 'admin'] as const
export type Role = (typeof roles)[number]

/** What a person is to a space, in the portal, from the least to the most. */
export const standings = [...roles, 'owner'] as const
export type Standing = (typeof standings)[number]

/** Roles on the platform, from the identity provider's groups. */
export const platformRoles = ['member', 'auditor', 'admin'] as const
export type PlatformRole = (typeof platformRoles)[number]

const rank: Record<Standing, number> = { viewer: 1, editor: 2, admin: 3, owner: 4 }

/** @returns a number that is negative, zero or positive as `a` is less than, the same as, or more than `b` */
export const compareStanding = (a: Standing | null, b: Standing | null): number => (a ? rank[a] : 0) - (b ? rank[b] : 0)

/** @returns the greater of two standings */
export const greaterStanding = <S extends Standing>(a: S | null, b: S | null): S | null =>
  compareStanding(a, b) >= 0 ? a : b

/**
 * An admin whose role ends is an editor on the cluster. With Roles and RoleBindings, the one thing that an admin has beyond
 * an editor there, they could give a ServiceAccount rights that last longer than their own.
 * @param ends whether the standing itself has an end; that of the space doesn't count, since everything goes with it
 * @returns the role on the cluster that a standing comes to
 */
export function clusterRoleOf(standing: Standing, ends: boolean): Role {
  if (standing === 'owner') return 'admin'
  return standing === 'admin' && ends ? 'editor' : standing
}

/** @returns the platform role that a person's groups give; admin outweighs auditor */
export function platformRoleOf(
  groups: readonly string[],
  policy: { adminGroups: readonly string[]; auditorGroups: readonly string[] },
): PlatformRole {
  if (groups.some((group) => policy.adminGroups.includes(group))) return 'admin'
  if (groups.some((group) => policy.auditorGroups.includes(group))) return 'auditor'
  return 'member'
}

/**
 * @param person with the platform role that their last sign-in gave them, and the provider that they signed in at
 * @param issuer the configured provider, without slashes at its end
 * @returns the platform role that they have: groups of another provider make nobody an admin or an auditor
 */
export const platformRoleAt = (person: { issuer: string; platformRole: PlatformRole }, issuer: string): PlatformRole =>
  bareIssuer(person.issuer) === issuer ? person.platformRole : 'member'
