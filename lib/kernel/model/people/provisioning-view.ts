type Person = { handle: string; name: string }

/**
 * Why a token works or doesn't: `in-force`; `stopped` until another admin takes over, as somebody who is responsible is no
 * active platform admin; `expired`; `revoked`.
 */
export type TokenState = 'in-force' | 'stopped' | 'expired' | 'revoked'

/** Somebody who asked for a token, approved it or took it over. */
export type TokenMaker = Person & {
  /** False once another admin took over from them. */
  responsible: boolean
  /** Whether they are an active platform admin now. */
  isAdmin: boolean
}

/** A token with which the identity provider provisions. */
export type ProvisioningToken = {
  id: string
  name: string
  state: TokenState
  createdAt: Date
  expiresAt: Date
  /** Empty: the operator's command created it. */
  makers: TokenMaker[]
  lastUsedAt: Date | null
  lastUsedAddress: string | null
  revokedAt: Date | null
  revokedBy: Person | null
}

/** A request for a token that is open. */
export type TokenRequest = {
  id: string
  name: string
  /** Of the token. */
  expiresAt: Date
  askedAt: Date
  askedBy: Person
  approvedBy: Person | null
  /** Until when it can be approved; once approved, until when the token can be revealed. */
  lapsesAt: Date
}

/** `changedBy`: the name of the token that pushed it last; null: not known. `paused`: no token is used, so it gives nothing. */
export type PushedGroup = {
  id: string
  name: string
  members: number
  /** In which it has a role. */
  spaces: number
  changedAt: Date
  changedBy: string | null
  paused: boolean
}

export type ProvisioningFreeze = { reason: string; frozenAt: Date; frozenBy: Person }

/** `people` and `groups`: how many are provisioned; `admins`: how many active platform admins there are. */
export type ProvisioningView = {
  tokens: ProvisioningToken[]
  requests: TokenRequest[]
  freeze: ProvisioningFreeze | null
  people: number
  groups: number
  admins: number
}

const dayMs = 86_400_000
/** How long a request waits for another admin. */
export const requestLastsMs = 7 * dayMs
/** How long an approved token waits to be revealed. */
export const approvalLastsMs = dayMs
/** How long before a token expires the platform admins get notice. */
export const expiryNoticeMs = 14 * dayMs

/** @returns the latest end of a token that is created at an instant: a year later, the end of that day in UTC */
export function latestTokenEnd(at: Date): Date {
  const end = new Date(at)
  end.setUTCFullYear(end.getUTCFullYear() + 1)
  end.setUTCHours(23, 59, 59, 999)
  return end
}

/** @returns `a`, `a and b`, `a, b and c` */
const inList = (names: readonly string[]): string =>
  names.length > 1 ? `${names.slice(0, -1).join(', ')} and ${names.at(-1)}` : (names[0] ?? '')

/**
 * @param makers handles
 * @returns what the trail calls a token. Its makers choose the name, so whose token it is comes first
 */
export const tokenTitle = (name: string, makers: readonly string[]): string =>
  `token of ${makers.length === 0 ? 'the operator' : inList(makers)}: ${name}`
