import type { ProcessName } from './session-of-process.ts'

/** The trail's writer has one statement under way. */
export const gatewayTrailConnections = 1
/** What the clusters' audit is written with, so that much of it leaves the worker its other connections. */
export const clusterAuditConnections = 2
/** For each place where the trail is delivered, the worker competes for its lease: a webhook and syslog. */
export const trailSinkLeases = 2
/** The worker’s queue listens on one, where its pool isn’t the raw one. */
export const queueConnections = 3
const listening = 1
/** Behind a pooler each process proves that its notifications arrive, and says how sessions of its login begin. */
const proving = 1
const preparing = 1
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

/** Where queries go through a pooler: the most connections to it, and to Postgres itself. */
export const maxConnectionsThroughPooler = {
  web: ({ queries, locks, clusters }: ConnectionLimits) => ({
    pooler: queryPools * queries + proving,
    direct: locks * clusters + listening + proving + preparing,
  }),
  worker: ({ queries, locks, clusters }: ConnectionLimits) => ({
    pooler: queryPools * queries + clusterAuditConnections + proving,
    direct: (locks + leases) * clusters + trailSinkLeases + queueConnections + proving + preparing,
  }),
  /** It listens itself to what it proves. */
  gateway: ({ queries }: Pick<ConnectionLimits, 'queries'>) => ({
    pooler: queries + gatewayTrailConnections + proving,
    direct: listening + preparing,
  }),
}

/** @returns the most connections to Postgres, and to a pooler if there is one */
export const connectionsOf = (
  process: ProcessName,
  limits: ConnectionLimits,
  throughPooler: boolean,
): { direct: number; pooler?: number } =>
  throughPooler ? maxConnectionsThroughPooler[process](limits) : { direct: maxConnections[process](limits) }
