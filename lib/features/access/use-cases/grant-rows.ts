import type { FoundGrant } from '#lib/features/access/db/find-grant.ts'
import type { ResolvedPrincipal } from './resolve-principal.ts'

export function principalOf(grant: FoundGrant): ResolvedPrincipal {
  if (grant.group !== null) return { kind: 'group', group: grant.group, issuer: grant.groupIssuer ?? '' }
  return {
    kind: 'user',
    user: {
      userId: grant.userId ?? '',
      handle: grant.user?.handle ?? '',
      name: grant.user?.name ?? '',
      email: grant.user?.email ?? '',
    },
  }
}

/** @returns a principal for the trail: a group with its provider, since the configured provider may change */
export const describePrincipal = (principal: ResolvedPrincipal): { principal: string; issuer?: string } =>
  principal.kind === 'user'
    ? { principal: `user:${principal.user.handle}` }
    : { principal: `group:${principal.group}`, issuer: principal.issuer }
