import type { PlatformRole } from '#lib/kernel/model/access/role.ts'
import type { RequestRow } from '#lib/kernel/model/requests/request-view.ts'
import type { CredentialMarks } from './credential-view.ts'
import type { OffboardingView } from './offboarding.ts'
import type { OtherAccount } from './other-account.ts'
import type { PlatformRoleState } from './platform-role.ts'
import type { RemainingAccess } from './remaining-access.ts'

export type PersonRow = {
  handle: string
  name: string
  email: string
  /** The name of the provider where they sign in; null: there is only one. */
  from: string | null
  platformRole: PlatformRole
  deactivated: boolean
  groups: number
  spaces: number
  /** Active credentials. */
  credentials: number
  /** Their last sign-in, page or kubectl command, whichever is latest; null: they never signed in. */
  lastSeenAt: Date | null
}

/** A page of the list, and the handle that the next one starts after. */
export type PeoplePage = { rows: PersonRow[]; next: string | null }

/** A limited list, and whether there are more rows. */
export type Some<T> = { rows: T[]; more: boolean }

/**
 * The source of a membership: pushed by the provider, or named by a sign-in. `overruled`: the provider pushes the group
 * without the person, which counts more than their sign-in. `own-token`: pushed by a token of the person's own, so it
 * doesn't count.
 */
export type GroupOfPerson = { name: string; from: 'provisioning' | 'sign-in' | 'overruled' | 'own-token' }

export type PersonFacts = {
  id: string
  handle: string
  name: string
  email: string
  issuer: string
  platformRole: PlatformRole
  /** When an activated role as platform admin ends or ended, and the reason for it. */
  adminUntil: Date | null
  adminReason: string | null
  createdAt: Date
  lastSignInAt: Date
  /** When the provider last confirmed their groups. */
  groupsVerifiedAt: Date
  /** Until when the groups count, and whether that is over and roles from groups are suspended. Null: without limit. */
  groupsUntil: Date | null
  groupsSuspended: boolean
  lastSeenAt: Date
  /** When they will be deactivated for not being seen, after a warning; null: not planned. */
  unseenEndsAt: Date | null
  deactivatedAt: Date | null
  /** Why, and by whom; null: by Spaceport itself, or by SQL. */
  deactivationReason: string | null
  deactivatedBy: { handle: string; name: string } | null
  /** The provisioning token that did it, with its makers. */
  deactivatedByToken: string | null
  /** Provisioning tokens that stop when the person is deactivated. */
  tokens: string[]
  groups: GroupOfPerson[]
  leftOutGroups: string[]
  /** They exist only through provisioning. */
  neverSignedIn: boolean
  /** Their userName in provisioning; null: they aren't provisioned. */
  provisionedAs: string | null
  /** Active ones. */
  sessions: number
  credentials: number
  /** Spaces that they own. */
  spaces: number
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

export const personSections = ['sign-ins', 'sessions', 'requests'] as const
export type PersonSection = (typeof personSections)[number]

/** What all pages of a person show. */
export type PersonHead = {
  /** `provider`: the name of the provider where they sign in. */
  person: PersonFacts & { provider: string }
  roleState: PlatformRoleState
  /** Set while one is in force. */
  offboarding: OffboardingView | null
}

/** A person's overview, each list up to a bound. */
export type PersonView = PersonHead & {
  signIns: Some<SignInListed>
  sessions: Some<SessionListed>
  requests: Some<RequestRow>
  /** Other accounts that may be theirs, with the provider of each. */
  otherAccounts: (OtherAccount & { provider: string })[]
  /** Objects they created that could act for them; only for deactivated people. */
  remainingAccess: RemainingAccess[]
}
