import type { PersonName } from '#lib/auth/model/named-person.ts'
import type { WebConfig } from '#lib/config/config.ts'
import type { FurtherProvider } from '#lib/config/further-providers.ts'
import { bareIssuer } from '#lib/kernel/model/people/bare-issuer.ts'
import { mainProviderId } from '#lib/kernel/model/people/provider.ts'

/** How people sign in at one provider. */
export type AuthSettings = {
  /** In the URLs of its sign-in: /api/auth/signin/{id}, /api/auth/callback/{id}. */
  id: string
  /** What pages call it. */
  name: string
  /** Without trailing slashes. */
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
  /** OIDC_SUBJECT_CLAIM: the claim of ID tokens that identifies a person. */
  subjectClaim: string
  /** OIDC_GROUPS_OVERAGE: where to read the groups of people who are in too many for a token; null: they are refused. */
  graphOrigin: string | null
  /** OIDC_ALGORITHMS; empty: all that are known and offered */
  algorithms: readonly string[]
  /** Whether a logout at the provider that names the person, not one session, also ends their credentials. */
  logoutEndsCredentials: boolean
  /** How old the provider's last word about somebody who is signed in may be, in milliseconds; 0: as old as the session. */
  recheckMs: number
  adminGroups: readonly string[]
  auditorGroups: readonly string[]
  /** People of this provider who have a platform role by name. */
  admins: readonly PersonName[]
  auditors: readonly PersonName[]
  /** Who may sign in at this provider (lib/kernel/model/people/sign-in-limit.ts). */
  signInGroups: readonly string[]
  signInDomains: readonly string[]
  /** Groups that may be pushed though they give a platform role. */
  pushedPrivilegedGroups: readonly string[]
}

/** @returns the part of the configuration that sign-in at the main provider uses */
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

/** @returns the same for a further provider: groups, roles, limits and secrets are its own, the rest is the portal's */
export const furtherSettings = (
  main: AuthSettings,
  { issuer, groupsOverage, ...provider }: FurtherProvider,
): AuthSettings => ({
  ...main,
  ...provider,
  issuer: bareIssuer(issuer),
  graphOrigin: graphOriginOf(groupsOverage),
})
