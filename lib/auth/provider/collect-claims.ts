import type { AuthSettings } from '#lib/auth/auth-settings.ts'
import type { ProviderMetadata } from './identity-provider.ts'
import { hasOverage } from './parse-claims.ts'
import { readGraphGroups } from './read-graph-groups.ts'
import { readUserinfo } from './read-userinfo.ts'

export type ProviderClaims = Readonly<Record<string, unknown>>
/** Which of the provider's answers listed the groups; null: none did. */
export type GroupsFrom = 'id_token' | 'userinfo' | 'graph' | null

/**
 * What a provider says about a person: the claims of the ID token; if it is thin, what it lacks comes from the userinfo
 * endpoint, and groups that don't fit into it from Microsoft Graph, if the operator allows that.
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
  // Only the signed ID token says that there is more to read.
  if (isOver && graphOrigin !== null && accessToken !== undefined)
    return { claims: await withGraphGroups(all, groupsClaim, graphOrigin, accessToken), groupsFrom: 'graph' }
  return { claims: all, groupsFrom: groupsFrom ?? (more && Object.hasOwn(more, groupsClaim) ? 'userinfo' : null) }
}

/** @returns the claims with the groups that Microsoft Graph lists in the place of the provider's notice that there are more */
export async function withGraphGroups(
  claims: ProviderClaims,
  groupsClaim: string,
  graphOrigin: string,
  accessToken: string,
): Promise<ProviderClaims> {
  const { _claim_names: _names, _claim_sources: _sources, hasgroups: _has, ...rest } = claims
  return { ...rest, [groupsClaim]: await readGraphGroups(graphOrigin, accessToken) }
}

/** Whether anything rests on a verified address: who may sign in, or a platform role. */
const usesVerifiedEmail = ({ signInDomains, admins, auditors }: AuthSettings): boolean =>
  signInDomains.length > 0 || [...admins, ...auditors].some((name) => !name.startsWith('sub:'))

/**
 * What both answers say together; the ID token's claims count first. Each says only of its own address that it is
 * verified: the other's may be a different one.
 */
export function mergeClaims(claims: ProviderClaims, more: ProviderClaims): ProviderClaims {
  const [first, other] = Object.hasOwn(claims, 'email') ? [claims, more] : [more, claims]
  const isSaid = Object.hasOwn(first, 'email_verified') || first.email !== other.email
  return { ...more, ...claims, email_verified: (isSaid ? first : other).email_verified }
}
