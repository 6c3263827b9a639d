import type { WebConfig } from '#lib/config/config.ts'
import { bareIssuer } from '#lib/domain/bare-issuer.ts'

export type AuthSettings = {
  /** The configured provider, without trailing slashes. */
  issuer: string
  /** SPACEPORT_URL */
  origin: string
  secret: string
  /** Seals nothing, but what it sealed is read (docs/rotation.md). */
  otherSecret: string | null
  clientId: string
  clientSecret: string
  /** For a provider that takes it instead. */
  otherClientSecret: string | null
  scopes: string
  groupsClaim: string
  /** OIDC_ALGORITHMS; empty: all that are known and offered */
  algorithms: readonly string[]
  /** Whether a logout at the provider that names the person, not one session, also ends their credentials. */
  logoutEndsCredentials: boolean
  /** How old the provider's last word about somebody who is signed in may be, in milliseconds; 0: as old as the session. */
  recheckMs: number
  adminGroups: readonly string[]
  auditorGroups: readonly string[]
}

/** @returns the part of the configuration that sign-in uses */
export const authSettings = (config: WebConfig): AuthSettings => ({
  issuer: bareIssuer(config.OIDC_ISSUER),
  origin: config.SPACEPORT_URL,
  secret: config.NEXTAUTH_SECRET,
  otherSecret: config.NEXTAUTH_SECRET_OTHER || null,
  clientId: config.OIDC_CLIENT_ID,
  clientSecret: config.OIDC_CLIENT_SECRET,
  otherClientSecret: config.OIDC_CLIENT_SECRET_OTHER || null,
  scopes: config.OIDC_SCOPES,
  groupsClaim: config.OIDC_GROUPS_CLAIM,
  algorithms: config.OIDC_ALGORITHMS,
  logoutEndsCredentials: config.OIDC_LOGOUT_ENDS_CREDENTIALS,
  recheckMs: config.OIDC_RECHECK_MINUTES * 60_000,
  adminGroups: config.SPACEPORT_ADMIN_GROUPS,
  auditorGroups: config.SPACEPORT_AUDITOR_GROUPS,
})
