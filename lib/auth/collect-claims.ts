import type { AuthSettings } from './auth-settings.ts'
import type { ProviderMetadata } from './identity-provider.ts'
import { readUserinfo } from './read-userinfo.ts'

export type ProviderClaims = Readonly<Record<string, unknown>>
/** Which of the provider's answers listed the groups; null: none did. */
export type GroupsFrom = 'id_token' | 'userinfo' | null

/**
 * What a provider says about a person: the claims of the ID token; if it is thin, what it lacks comes from the userinfo
 * endpoint.
 */
export async function collectClaims(
  metadata: ProviderMetadata,
  settings: AuthSettings,
  { claims, accessToken }: { claims: ProviderClaims; accessToken: string | undefined },
): Promise<{ claims: ProviderClaims; groupsFrom: GroupsFrom }> {
  const { groupsClaim } = settings
  const groupsFrom = Object.hasOwn(claims, groupsClaim) ? 'id_token' : null
  const needed = [groupsClaim, 'name', 'email', ...(usesVerifiedEmail(settings) ? ['email_verified'] : [])]
  const thin = needed.some((name) => !Object.hasOwn(claims, name))
  if (!thin || metadata.userinfo_endpoint === undefined || accessToken === undefined) return { claims, groupsFrom }
  const more = await readUserinfo(metadata, settings, { accessToken, subject: String(claims.sub) })
  return {
    claims: mergeClaims(claims, more),
    groupsFrom: groupsFrom ?? (Object.hasOwn(more, groupsClaim) ? 'userinfo' : null),
  }
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
