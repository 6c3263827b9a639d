import { bareIssuer } from '#lib/kernel/model/people/bare-issuer.ts'

/** Roles in a space, from lowest to highest. Each is a ClusterRole `spaceport:{role}`. */
export const roles = ['viewer', 'editor', 'admin'] as const
export type Role = (typeof roles)[number]

/** A person's standing in a space, from lowest to highest. */
export const standings = [...roles, 'owner'] as const
export type Standing = (typeof standings)[number]

/** Roles on the platform, from the identity provider's groups or by name. */
export const platformRoles = ['member', 'auditor', 'admin'] as const
export type PlatformRole = (typeof platformRoles)[number]

export const greaterPlatformRole = (a: PlatformRole, b: PlatformRole): PlatformRole =>
  platformRoles.indexOf(a) >= platformRoles.indexOf(b) ? a : b

const rank: Record<Standing, number> = { viewer: 1, editor: 2, admin: 3, owner: 4 }

/** @returns a negative number if `a` is lower than `b`, zero if they are equal, a positive one if it is higher */
export const compareStanding = (a: Standing | null, b: Standing | null): number => (a ? rank[a] : 0) - (b ? rank[b] : 0)

export const greaterStanding = <S extends Standing>(a: S | null, b: S | null): S | null =>
  compareStanding(a, b) >= 0 ? a : b

/**
 * An admin with an end date is only an editor on the cluster: with the admin's Roles and RoleBindings, they could give
 * a ServiceAccount rights that outlast their own.
 * @param ends whether the standing has an end; the space's own end doesn't count, since everything ends with it
 * @returns the role on the cluster
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
 * @param person the platform role of their last sign-in, and its provider
 * @param issuers the configured providers, without trailing slashes
 * @returns the platform role from their groups; groups of an unconfigured provider give none
 */
export const roleByGroups = (
  person: { issuer: string; platformRole: PlatformRole },
  issuers: readonly string[],
): PlatformRole => (issuers.includes(bareIssuer(person.issuer)) ? person.platformRole : 'member')
