/**
 * What a cluster’s own audit says of a request, as the trail keeps it: `gateway`, it confirms what came through the
 * gateway; `spaceport`, Spaceport’s own broker did it; `around`, somebody did it past the gateway.
 */
export type AuditRoute = 'gateway' | 'spaceport' | 'around'

/** How somebody authenticated at an API server: by a client certificate, a token, a pod’s own token, or otherwise. */
export type SeenCredential = 'certificate' | 'token' | 'pod' | 'other'

/** Somebody whom a cluster’s audit has seen in a space, past the gateway. */
export type DirectAccess = {
  user: string
  credential: SeenCredential
  /** `X509SHA256=…` or `JTI=…`; empty where the kind has none, or changes it by the hour. */
  credentialId: string
  firstSeenAt: Date
  lastSeenAt: Date
  lastAddress: string
  /** The verb and the resource. */
  lastRequest: string
}

/** Who was seen in a space, the latest first; `receivedAt`: when the cluster’s audit last came in, null: it never did. */
export type DirectAccessList = { receivedAt: Date | null; rows: DirectAccess[]; more: boolean }

/** How long a direct access is kept after the last one. */
export const directAccessKeptDays = 90
