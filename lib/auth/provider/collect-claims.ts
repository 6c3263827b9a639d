import type { AuthSettings } from '#lib/auth/auth-settings.ts'
import type { ProviderMetadata } from './identity-provider.ts'
import { hasOverage } from './parse-claims.ts'
import { readGraphGroups } from './read-graph-groups.ts'
import { readUserinfo } from './read-userinfo.ts'

export type ProviderClaims = Readonly<Record<string, unknown>>
/** Which of the provider's responses listed the groups; null: none did. */
export type GroupsFrom = 'id_token' | 'userinfo' | 'graph' | null

/**
 * Collects a provider's claims about a person: from the ID token, if that is thin from the userinfo endpoint, and if
 * groups don't fit from Microsoft Graph, where the operator allows it.
 * @throws GraphError
 */
export async function collectClaims(
  metadata: ProviderMetadata,
  settings: AuthSettings,
  { claims, accessToken }: { claims: ProviderClaims; accessToken: string | undefined },
): Promise<{ claims: ProviderClaims; groupsFrom: GroupsFrom }> {
  const { groupsClaim, graphOrigin } = settings
  const isOver = hasOverage(claims, groupsClaim)
  const groupsFrom = Object.hasOwn(claims, groupsClaim) ? 'id_token' : null
  const needed = [groupsClaim, 'name', 'email', ...(usesVerifiedEmail(settings) ? ['email_verified'] : [])]
  const thin = needed.some((name) => !Object.hasOwn(claims, name))
  const asks = thin && metadata.userinfo_endpoint !== undefined && accessToken !== undefined
  const more = asks ? await readUserinfo(metadata, settings, { accessToken, subject: String(claims.sub) }) : null
  const all = more ? mergeClaims(claims, more) : claims
  // Only the signed ID token can announce an overage.
  if (isOver && graphOrigin !== null && accessToken !== undefined)
    return { claims: await withGraphGroups(all, groupsClaim, graphOrigin, accessToken), groupsFrom: 'graph' }
  return { claims: all, groupsFrom: groupsFrom ?? (more && Object.hasOwn(more, groupsClaim) ? 'userinfo' : null) }
}

/** @returns the claims with the groups from Microsoft Graph in place of the overage notice */
export async function withGraphGroups(
  claims: ProviderClaims,
  groupsClaim: string,
  graphOrigin: string,
  accessToken: string,
): Promise<ProviderClaims> {
  const { _claim_names: _names, _claim_sources: _sources, hasgroups: _has, ...rest } = claims
  return { ...rest, [groupsClaim]: await readGraphGroups(graphOrigin, accessToken) }
}

/** Whether the configuration depends on verified addresses: for sign-in or platform roles. */
const usesVerifiedEmail = ({ signInDomains, admins, auditors }: AuthSettings): boolean =>
  signInDomains.length > 0 || [...admins, ...auditors].some((name) => !name.startsWith('sub:'))

/**
 * Merges the claims of both responses; the ID token's win. `email_verified` counts only for the address in the same
 * response: the other address may be a different one.
 */
export function mergeClaims(claims: ProviderClaims, more: ProviderClaims): ProviderClaims {
  const [first, other] = Object.hasOwn(claims, 'email') ? [claims, more] : [more, claims]
  const isSaid = Object.hasOwn(first, 'email_verified') || first.email !== other.email
  return { ...more, ...claims, email_verified: (isSaid ? first : other).email_verified }
}
