import type { ProcessName } from './session-of-process.ts'

/** The trail's writer runs one statement at a time. */
export const gatewayTrailConnections = 1
/** Separate, so that a flood of clusters' audit can't use up the worker's other connections. */
export const clusterAuditConnections = 2
/** One lease per destination of the trail: a webhook and syslog. */
export const trailSinkLeases = 2
/** The worker’s queue listens on one if its pool isn’t the raw one. */
export const queueConnections = 3
const listening = 1
/** Behind a pooler, each process checks that notifications arrive, and sets its login's session defaults. */
const proving = 1
const preparing = 1
/** The raw pool and Prisma's. */
const queryPools = 2
/** One lease per cluster (compete-for-lease.ts). */
const leases = 1

export type ConnectionLimits = {
  /** Per query pool. */
  queries: number
  /** For locks, per cluster. */
  locks: number
  clusters: number
}

/** The most connections to Postgres per process. The worker's queue listens on a connection of the raw pool. */
export const maxConnections = {
  web: ({ queries, locks, clusters }: ConnectionLimits) => queryPools * queries + locks * clusters + listening,
  worker: ({ queries, locks, clusters }: ConnectionLimits) =>
    queryPools * queries + (locks + leases) * clusters + clusterAuditConnections + trailSinkLeases,
  gateway: ({ queries }: Pick<ConnectionLimits, 'queries'>) => queries + gatewayTrailConnections + listening,
}

/** With a pooler: the most connections to it, and directly to Postgres. */
export const maxConnectionsThroughPooler = {
  web: ({ queries, locks, clusters }: ConnectionLimits) => ({
    pooler: queryPools * queries + proving,
    direct: locks * clusters + listening + proving + preparing,
  }),
  worker: ({ queries, locks, clusters }: ConnectionLimits) => ({
    pooler: queryPools * queries + clusterAuditConnections + proving,
    direct: (locks + leases) * clusters + trailSinkLeases + queueConnections + proving + preparing,
  }),
  /** It checks with the connection on which it listens anyway. */
  gateway: ({ queries }: Pick<ConnectionLimits, 'queries'>) => ({
    pooler: queries + gatewayTrailConnections + proving,
    direct: listening + preparing,
  }),
}

export const connectionsOf = (
  process: ProcessName,
  limits: ConnectionLimits,
  throughPooler: boolean,
): { direct: number; pooler?: number } =>
  throughPooler ? maxConnectionsThroughPooler[process](limits) : { direct: maxConnections[process](limits) }
