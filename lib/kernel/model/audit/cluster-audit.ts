/**
 * The origin of a request in a cluster’s own audit: `gateway`, through it; `spaceport`, by its broker; `around`,
 * bypassing the gateway.
 */
export type AuditRoute = 'gateway' | 'spaceport' | 'around'

/** How the caller authenticated at an API server. */
export type SeenCredential = 'certificate' | 'token' | 'pod' | 'other'

/** A user who accessed a space directly, by the cluster's audit. */
export type DirectAccess = {
  user: string
  credential: SeenCredential
  /** `X509SHA256=…` or `JTI=…`; empty if the kind has none, or one that changes hourly. */
  credentialId: string
  firstSeenAt: Date
  lastSeenAt: Date
  lastAddress: string
  lastRequest: string
}

/** Direct access to a space, latest first; `receivedAt`: when the cluster’s audit last arrived; null: never. */
export type DirectAccessList = { receivedAt: Date | null; rows: DirectAccess[]; more: boolean }

export const directAccessKeptDays = 90
