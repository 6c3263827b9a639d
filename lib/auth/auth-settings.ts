import type { PersonName } from '#lib/auth/model/named-person.ts'
import type { WebConfig } from '#lib/config/config.ts'
import type { FurtherProvider } from '#lib/config/further-providers.ts'
import { bareIssuer } from '#lib/kernel/model/people/bare-issuer.ts'
import { mainProviderId } from '#lib/kernel/model/people/provider.ts'

export type AuthSettings = {
  /** Part of its sign-in URLs: /api/auth/signin/{id}, /api/auth/callback/{id}. */
  id: string
  name: string
  /** Without trailing slashes. */
  issuer: string
  /** SPACEPORT_URL */
  origin: string
  secret: string
  /** Only decrypts, never encrypts (docs/rotation.md). */
  otherSecret: string | null
  clientId: string
  clientSecret: string
  /** Used if the provider refuses the first one. */
  otherClientSecret: string | null
  scopes: string
  groupsClaim: string
  /** OIDC_SUBJECT_CLAIM: the ID token claim that identifies a person. */
  subjectClaim: string
  /**
   * OIDC_GROUPS_OVERAGE: where to read the groups of people with too many for a token; null: such people are refused.
   */
  graphOrigin: string | null
  /** OIDC_ALGORITHMS; empty: every supported algorithm that the provider offers */
  algorithms: readonly string[]
  /** Whether a back-channel logout that names the person, not a session, also revokes their credentials. */
  logoutEndsCredentials: boolean
  /**
   * How old the provider's last confirmation of a signed-in person may be, in milliseconds; 0: as old as the session.
   */
  recheckMs: number
  adminGroups: readonly string[]
  auditorGroups: readonly string[]
  /** People with a platform role by name. */
  admins: readonly PersonName[]
  auditors: readonly PersonName[]
  /** Who may sign in (lib/kernel/model/people/sign-in-limit.ts). */
  signInGroups: readonly string[]
  signInDomains: readonly string[]
  /** Groups that may be pushed although they give a platform role. */
  pushedPrivilegedGroups: readonly string[]
}

/** @returns the sign-in settings of the main provider */
export const authSettings = (config: WebConfig): AuthSettings => ({
  id: mainProviderId,
  name: config.OIDC_NAME,
  issuer: bareIssuer(config.OIDC_ISSUER),
  origin: config.SPACEPORT_URL,
  secret: config.NEXTAUTH_SECRET,
  otherSecret: config.NEXTAUTH_SECRET_OTHER || null,
  clientId: config.OIDC_CLIENT_ID,
  clientSecret: config.OIDC_CLIENT_SECRET,
  otherClientSecret: config.OIDC_CLIENT_SECRET_OTHER || null,
  scopes: config.OIDC_SCOPES,
  groupsClaim: config.OIDC_GROUPS_CLAIM,
  subjectClaim: config.OIDC_SUBJECT_CLAIM,
  graphOrigin: graphOriginOf(config.OIDC_GROUPS_OVERAGE),
  algorithms: config.OIDC_ALGORITHMS,
  logoutEndsCredentials: config.OIDC_LOGOUT_ENDS_CREDENTIALS,
  recheckMs: config.OIDC_RECHECK_MINUTES * 60_000,
  adminGroups: config.SPACEPORT_ADMIN_GROUPS,
  auditorGroups: config.SPACEPORT_AUDITOR_GROUPS,
  admins: config.SPACEPORT_ADMINS,
  auditors: config.SPACEPORT_AUDITORS,
  signInGroups: config.SPACEPORT_SIGN_IN_GROUPS,
  signInDomains: config.SPACEPORT_SIGN_IN_DOMAINS,
  pushedPrivilegedGroups: config.SPACEPORT_PUSHED_PRIVILEGED_GROUPS,
})

const graphOriginOf = (overage: string): string | null => (overage === 'refuse' ? null : overage)

/**
 * @returns the settings of a further provider; it has its own groups, roles, limits and secrets, and shares the rest
 */
export const furtherSettings = (
  main: AuthSettings,
  { issuer, groupsOverage, ...provider }: FurtherProvider,
): AuthSettings => ({
  ...main,
  ...provider,
  issuer: bareIssuer(issuer),
  graphOrigin: graphOriginOf(groupsOverage),
})
