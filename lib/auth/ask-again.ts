/** Asks the provider about the person of a session again, with the tokens that it gave at sign-in. */
import * as oauth from 'oauth4webapi'
import { askAsClient, asking, parties, verifyIdToken } from './ask-provider.ts'
import type { AuthSettings } from './auth-settings.ts'
import { collectClaims, type ProviderClaims } from './collect-claims.ts'
import type { ProviderMetadata } from './identity-provider.ts'
import { accessUntil, isAccessValid, type ProviderTokens } from './provider-tokens.ts'
import { readUserinfo } from './read-userinfo.ts'

export type Again = {
  claims: ProviderClaims
  /** Whether the claims say which groups the person is in: some providers list them in ID tokens only. */
  groupsKnown: boolean
}

/**
 * @param tokens of the session
 * @param subject the person whom it must be about
 * @param keep stores the tokens that replace them, before anything else is asked: a refresh token may work only once
 * @returns what the provider says now; null if it can't be asked
 * @throws Error; `isRefusal` says whether the provider no longer vouches for the person
 */
export async function askAgain(
  metadata: ProviderMetadata,
  settings: AuthSettings,
  given: { tokens: ProviderTokens; subject: string; at: Date; keep: (tokens: ProviderTokens) => Promise<void> },
): Promise<Again | null> {
  const { tokens, subject, at, keep } = given
  if (tokens.refreshToken === null) {
    if (!isAccessValid(tokens, at) || tokens.accessToken === null || metadata.userinfo_endpoint === undefined)
      return null
    return fromUserinfo(metadata, settings, { accessToken: tokens.accessToken, subject, tokens })
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
  // A refresh need not give an ID token (OpenID Connect Core 1.0, section 12.2).
  if (fresh.id_token === undefined) {
    if (metadata.userinfo_endpoint === undefined) return null
    return fromUserinfo(metadata, settings, { accessToken, subject, tokens })
  }
  const claims = await verifyIdToken(fresh.id_token, metadata, settings)
  if (claims.sub !== subject) throw new OtherSubject()
  const collected = await collectClaims(metadata, settings, { claims, accessToken })
  return { claims: collected.claims, groupsKnown: true }
}

async function fromUserinfo(
  metadata: ProviderMetadata,
  settings: AuthSettings,
  { accessToken, subject, tokens }: { accessToken: string; subject: string; tokens: ProviderTokens },
): Promise<Again> {
  const claims = await readUserinfo(metadata, settings, { accessToken, subject })
  return { claims, groupsKnown: tokens.groupsFrom !== 'id_token' || Object.hasOwn(claims, settings.groupsClaim) }
}

class OtherSubject extends Error {
  constructor() {
    super('the provider’s ID token is about somebody else')
    this.name = 'OtherSubject'
  }
}

/**
 * @returns whether the provider no longer vouches for the person: it refuses the refresh token (RFC 6749, section 5.2),
 *   or an access token that hasn't expired (RFC 6750, section 3.1), or speaks of somebody else
 */
export const isRefusal = (error: unknown): boolean =>
  (error instanceof oauth.ResponseBodyError && error.error === 'invalid_grant') ||
  (error instanceof oauth.WWWAuthenticateChallengeError &&
    error.status === 401 &&
    error.cause.some(({ scheme }) => scheme === 'bearer')) ||
  error instanceof OtherSubject
