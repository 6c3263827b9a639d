type Person = { handle: string; name: string }

/**
 * Whether a token works. `stopped`: a person responsible for it is no longer an active platform admin, so another must
 * take over.
 */
export type TokenState = 'in-force' | 'stopped' | 'expired' | 'revoked'

/** A person who requested a token, approved it or took it over. */
export type TokenMaker = Person & {
  /** False once another admin has taken over. */
  responsible: boolean
  isAdmin: boolean
}

/** A token that the identity provider uses for provisioning. */
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

export type TokenRequest = {
  id: string
  name: string
  expiresAt: Date
  askedAt: Date
  askedBy: Person
  approvedBy: Person | null
  /** Until when it can be approved; after that, until when the token can be revealed. */
  lapsesAt: Date
}

/**
 * A pushed group. `changedBy`: the token that last pushed it; null: unknown. `paused`: suspended, because no token is
 * used.
 */
export type PushedGroup = {
  id: string
  name: string
  members: number
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
export const requestLastsMs = 7 * dayMs
export const approvalLastsMs = dayMs
export const expiryNoticeMs = 14 * dayMs

/** @returns the latest end of a token created at an instant: the end of the day (UTC) one year later */
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
 * @returns the name of a token in the trail, makers first, because they choose `name`
 */
export const tokenTitle = (name: string, makers: readonly string[]): string =>
  `token of ${makers.length === 0 ? 'the operator' : inList(makers)}: ${name}`
