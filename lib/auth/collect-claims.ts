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
  const thin = [groupsClaim, 'name', 'email'].some((name) => !Object.hasOwn(claims, name))
  if (!thin || metadata.userinfo_endpoint === undefined || accessToken === undefined) return { claims, groupsFrom }
  const more = await readUserinfo(metadata, settings, { accessToken, subject: String(claims.sub) })
  return {
    claims: { ...more, ...claims },
    groupsFrom: groupsFrom ?? (Object.hasOwn(more, groupsClaim) ? 'userinfo' : null),
  }
}
