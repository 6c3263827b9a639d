import type { PlatformRole, Role } from '#lib/kernel/model/access/role.ts'
import type { RequestRow } from '#lib/kernel/model/requests/request-view.ts'
import type { SpaceStatus } from '#lib/kernel/model/spaces/space-status.ts'
import type { CredentialMarks } from './credential-view.ts'
import type { OffboardingView } from './offboarding.ts'
import type { OtherAccount } from './other-account.ts'
import type { PlatformRoleState } from './platform-role.ts'
import type { RemainingAccess } from './remaining-access.ts'

/** A person in the list of people. */
export type PersonRow = {
  handle: string
  name: string
  email: string
  /** What the provider is called where they sign in; null: there is one. */
  from: string | null
  platformRole: PlatformRole
  deactivated: boolean
  /** How many groups they are in. */
  groups: number
  /** How many spaces they own. */
  spaces: number
  /** How many of their credentials have neither expired nor been revoked. */
  credentials: number
  /** Their last sign-in, page or kubectl command, whichever is latest; null: they have never signed in. */
  lastSeenAt: Date | null
}

/** A page of the list, and the handle that the next one starts after. */
export type PeoplePage = { rows: PersonRow[]; next: string | null }

/** Some of a person's things, and whether there are more. */
export type Some<T> = { rows: T[]; more: boolean }

/**
 * Where a group comes from: the provider pushed it, or a sign-in named it. `overruled`: a sign-in did, but the provider
 * pushes that group without the person, which is what counts. `own-token`: the person had a hand in the token that pushed
 * it, so it doesn't count for them.
 */
export type GroupOfPerson = { name: string; from: 'provisioning' | 'sign-in' | 'overruled' | 'own-token' }

export type PersonFacts = {
  id: string
  handle: string
  name: string
  email: string
  issuer: string
  platformRole: PlatformRole
  /** When an activated role as platform admin ends or ended, and what it was for. */
  adminUntil: Date | null
  adminReason: string | null
  createdAt: Date
  lastSignInAt: Date
  /** When the provider last said which groups they are in. */
  groupsVerifiedAt: Date
  /** Until when that counts, and whether it is past: their roles from groups are paused then. Null: without limit. */
  groupsUntil: Date | null
  groupsSuspended: boolean
  lastSeenAt: Date
  /** When they are deactivated because nobody sees them, of which they were told; null: they aren’t. */
  unseenEndsAt: Date | null
  deactivatedAt: Date | null
  /** Why, and by whom; null by whom: Spaceport itself, or SQL. */
  deactivationReason: string | null
  deactivatedBy: { handle: string; name: string } | null
  /** The provisioning token by which it was done, and whose it is. */
  deactivatedByToken: string | null
  /** The names of the provisioning tokens that stop with them. */
  tokens: string[]
  groups: GroupOfPerson[]
  leftOutGroups: string[]
  /** They exist by provisioning alone. */
  neverSignedIn: boolean
  /** The name by which the identity provider provisions them; null: it doesn't. */
  provisionedAs: string | null
  /** How many sessions are alive, and how many credentials have neither expired nor been revoked. */
  sessions: number
  credentials: number
}

export type SignInListed = {
  id: string
  at: Date
  outcome: 'ok' | 'refused' | 'failed' | 'unknown'
  reason: string | null
  sourceAddress: string | null
  userAgent: string | null
}

export type SessionListed = {
  id: string
  createdAt: Date
  lastSeenAt: Date
  expiresAt: Date
  sourceAddress: string | null
  userAgent: string | null
}

export type OwnedSpace = {
  id: string
  name: string
  cluster: string
  status: SpaceStatus
  createdAt: Date
  endsAt: Date | null
}

export type GrantOfPerson = {
  id: string
  space: string
  cluster: string
  role: Role
  /** The group that the role comes through; null: it is the person's own. */
  group: string | null
  startsAt: Date
  endsAt: Date | null
  /** The request that brought it. */
  requestId: string | null
}

/** A credential among everybody's. */
export type CredentialListed = CredentialMarks & {
  id: string
  person: { handle: string; name: string }
  /** Null: all of the person's spaces. */
  space: { name: string; cluster: string; deleted: boolean } | null
  createdAt: Date
  endsAt: Date
  lastUsedAt: Date | null
  lastUsedAddress: string | null
  lastUsedClient: string | null
}

/** A page of credentials, and the id that the next one starts after. `total` counts up to a bound. */
export type CredentialPage = { rows: CredentialListed[]; total: number; next: string | null }

export const personSections = ['sign-ins', 'sessions', 'spaces', 'grants', 'credentials', 'requests'] as const
export type PersonSection = (typeof personSections)[number]

/** Everything about a person, each kind of thing up to a bound. */
export type PersonView = {
  /** `provider`: where they sign in, as it is called. */
  person: PersonFacts & { provider: string }
  /** What they may do on the platform now. */
  roleState: PlatformRoleState
  signIns: Some<SignInListed>
  sessions: Some<SessionListed>
  spaces: Some<OwnedSpace>
  grants: Some<GrantOfPerson>
  credentials: Some<CredentialListed>
  requests: Some<RequestRow>
  /** Set while it is in force. */
  offboarding: OffboardingView | null
  /** Accounts that may be theirs too, and where they sign in with each. */
  otherAccounts: (OtherAccount & { provider: string })[]
  /** What they made that could act for them; only of those who are deactivated. */
  remainingAccess: RemainingAccess[]
}
