/** Asks the provider about a session's person again, with the tokens from sign-in. */
import * as oauth from 'oauth4webapi'
import type { AuthSettings } from '#lib/auth/auth-settings.ts'
import { askAsClient, asking, parties, verifyIdToken } from '#lib/auth/provider/ask-provider.ts'
import { collectClaims, type ProviderClaims, withGraphGroups } from '#lib/auth/provider/collect-claims.ts'
import type { ProviderMetadata } from '#lib/auth/provider/identity-provider.ts'
import { accessUntil, isAccessValid, type ProviderTokens } from '#lib/auth/provider/provider-tokens.ts'
import { graphFaultOf } from '#lib/auth/provider/read-graph-groups.ts'
import { readUserinfo } from '#lib/auth/provider/read-userinfo.ts'
import type { SignInError } from '#lib/kernel/model/people/sign-in-error.ts'

/** The person of a session. `sub`: from their ID tokens; `subject`: the claim that identifies them here. */
type Person = { sub: string; subject: string; subjectClaim: string }

export type Again = {
  claims: ProviderClaims
  /** Whether the claims include the groups: some providers send these only in ID tokens. */
  groupsKnown: boolean
}

/**
 * @param tokens of the session
 * @param person the claims must be about them
 * @param keep stores the replaced tokens before any further request: a refresh token may work only once
 * @returns the provider's current claims; null if it can't be asked
 * @throws Error; `isRefusal` shows whether the provider no longer confirms the person
 */
export async function askAgain(
  metadata: ProviderMetadata,
  settings: AuthSettings,
  given: { tokens: ProviderTokens; person: Person; at: Date; keep: (tokens: ProviderTokens) => Promise<void> },
): Promise<Again | null> {
  const { tokens, person, at, keep } = given
  if (tokens.refreshToken === null) {
    if (!isAccessValid(tokens, at) || tokens.accessToken === null || metadata.userinfo_endpoint === undefined)
      return null
    return fromUserinfo(metadata, settings, { accessToken: tokens.accessToken, person, tokens })
  }
  const { server, client } = parties(metadata, settings)
  const { refreshToken } = tokens
  const fresh = await askAsClient(metadata, settings, async (proof) =>
    oauth.processRefreshTokenResponse(
      server,
      client,
      await oauth.refreshTokenGrantRequest(server, client, proof, refreshToken, asking),
    ),
  )
  await keep({
    ...tokens,
    refreshToken: fresh.refresh_token ?? tokens.refreshToken,
    accessToken: fresh.access_token,
    accessUntil: accessUntil(at, fresh.expires_in),
  })
  const accessToken = fresh.access_token
  // A refresh response may lack an ID token (OpenID Connect Core 1.0, section 12.2).
  if (fresh.id_token === undefined) {
    if (metadata.userinfo_endpoint === undefined) return null
    return fromUserinfo(metadata, settings, { accessToken, person, tokens })
  }
  const claims = await verifyIdToken(fresh.id_token, metadata, settings)
  if (isOtherPerson(claims, person, settings)) throw new OtherSubject()
  const collected = await collectClaims(metadata, settings, { claims, accessToken })
  return { claims: collected.claims, groupsKnown: true }
}

async function fromUserinfo(
  metadata: ProviderMetadata,
  settings: AuthSettings,
  { accessToken, person, tokens }: { accessToken: string; person: Person; tokens: ProviderTokens },
): Promise<Again> {
  const claims = await readUserinfo(metadata, settings, { accessToken, subject: person.sub })
  const { groupsClaim, graphOrigin } = settings
  if (tokens.groupsFrom === 'graph' && graphOrigin !== null)
    return { claims: await withGraphGroups(claims, groupsClaim, graphOrigin, accessToken), groupsKnown: true }
  return { claims, groupsKnown: isSaidByUserinfo(tokens) || Object.hasOwn(claims, groupsClaim) }
}

const isSaidByUserinfo = ({ groupsFrom }: ProviderTokens): boolean =>
  groupsFrom !== 'id_token' && groupsFrom !== 'graph'

/** A refreshed ID token has the same `sub` (OpenID Connect Core 1.0, section 12.2); it may lack other claims. */
function isOtherPerson(
  claims: ProviderClaims,
  { sub, subject, subjectClaim }: Person,
  settings: AuthSettings,
): boolean {
  if (claims.sub !== sub) return true
  if (subjectClaim !== settings.subjectClaim || !Object.hasOwn(claims, subjectClaim)) return false
  return claims[subjectClaim] !== subject
}

class OtherSubject extends Error {
  constructor() {
    super('the provider’s ID token is about another person')
    this.name = 'OtherSubject'
  }
}

/**
 * @returns why the session ends; null: it continues, since the provider or Microsoft Graph didn't answer. The known
 *   groups then stay valid for as long as the policy allows
 */
export function refusalByProvider(error: unknown): SignInError | null {
  const fault = graphFaultOf(error)
  if (fault !== undefined) return fault === 'groups_unreachable' ? null : fault
  return isRefusal(error) ? 'provider_refused' : null
}

/**
 * @returns whether the provider no longer confirms the person: it refuses the refresh token (RFC 6749, section 5.2) or
 *   an unexpired access token (RFC 6750, section 3.1), or answers about another person
 */
const isRefusal = (error: unknown): boolean =>
  (error instanceof oauth.ResponseBodyError && error.error === 'invalid_grant') ||
  (error instanceof oauth.WWWAuthenticateChallengeError &&
    error.status === 401 &&
    error.cause.some(({ scheme }) => scheme === 'bearer')) ||
  error instanceof OtherSubject
