/** The trail's writer has one statement under way. */
export const gatewayTrailConnections = 1
/** What the clusters' audit is written with, so that much of it leaves the worker its other connections. */
export const clusterAuditConnections = 2
/** For each place where the trail is delivered, the worker competes for its lease: a webhook and syslog. */
export const trailSinkLeases = 2
const listening = 1
/** The raw pool and Prisma's. */
const queryPools = 2
/** For each cluster, the worker competes for its lease (compete-for-lease.ts). */
const leases = 1

export type ConnectionLimits = {
  /** Connections of each pool for queries. */
  queries: number
  /** Connections that hold locks, for each cluster. */
  locks: number
  clusters: number
}

/**
 * The most connections to Postgres that one process ever has. The worker's queue listens on a connection of the raw
 * pool.
 */
export const maxConnections = {
  web: ({ queries, locks, clusters }: ConnectionLimits) => queryPools * queries + locks * clusters + listening,
  worker: ({ queries, locks, clusters }: ConnectionLimits) =>
    queryPools * queries + (locks + leases) * clusters + clusterAuditConnections + trailSinkLeases,
  gateway: ({ queries }: Pick<ConnectionLimits, 'queries'>) => queries + gatewayTrailConnections + listening,
}
