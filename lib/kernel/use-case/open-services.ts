import { randomBytes, X509Certificate } from 'node:crypto'
import { notUsable } from '#lib/config/environment.ts'
import { followConfiguredFile } from '#lib/config/read-configured-file.ts'
import { createDb } from '#lib/kernel/db/client.ts'
import { createLockPools } from '#lib/kernel/db/lock-pools.ts'
import { connectionsOf } from '#lib/kernel/db/max-connections.ts'
import { createPool } from '#lib/kernel/db/pool.ts'
import { PoolerFault } from '#lib/kernel/db/pooler-fault.ts'
import { upsertClusters } from '#lib/kernel/db/spaces/clusters.ts'
import { type Pooler, watchPooler } from '#lib/kernel/db/watch-pooler.ts'
import { type WaysToPostgres, waysToPostgres } from '#lib/kernel/db/ways-to-postgres.ts'
import type { DnsPeer } from '#lib/kernel/model/access/reach.ts'
import { bareIssuer } from '#lib/kernel/model/people/bare-issuer.ts'
import { mainProviderId, type ProviderName } from '#lib/kernel/model/people/provider.ts'
import type { Directory, Policy } from '#lib/kernel/model/policy/policy.ts'
import { type PolicyRules, rulesOfConfiguration } from '#lib/kernel/model/policy/policy-rules.ts'
import type { Size } from '#lib/kernel/model/spaces/size.ts'
import type { GitIdentity } from '#lib/kernel/model/spaces/space-object.ts'
import { createAuditWriter } from '#lib/kernel/trail/audit-writer.ts'
import { openWebhooks, type Webhooks } from '#lib/kernel/webhook/open-webhooks.ts'
import { type Clusters, connectClusters } from '#lib/kube/client/cluster.ts'
import { createLogger, type Logger } from '#lib/observability/logger.ts'
import type { Services } from './context.ts'
import { createRateLimits } from './rate-limits.ts'

type ServicesProcess = 'web' | 'worker'

type ServicesConfig = {
  DATABASE_URL: string
  DATABASE_DIRECT_URL?: string
  DATABASE_CONNECTIONS: number
  DATABASE_LOCK_CONNECTIONS: number
  KUBECONFIG: string
  SPACEPORT_CLUSTERS: readonly { name: string; context: string }[]
  SPACEPORT_SPACE_LIMIT: number
  SPACEPORT_MAX_SIZE: Size
  SPACEPORT_NAMESPACE_PREFIX: string
  SPACEPORT_RESERVED_NAMES: readonly string[]
  SPACEPORT_NAME_RESERVED_DAYS: number
  SPACEPORT_DENIED_CIDRS: readonly string[]
  SPACEPORT_DNS_PEERS: readonly DnsPeer[]
  SPACEPORT_INGRESS_SUFFIXES: readonly string[]
  SPACEPORT_PLATFORM_NAMESPACES: readonly string[]
  /** Set for processes that suggest people and groups. */
  SPACEPORT_DIRECTORY?: Directory
  /** Set for processes that send mails or messages. */
  SPACEPORT_URL?: string
  SPACEPORT_WEBHOOK_SECRET?: string
  SPACEPORT_WEBHOOK_ALLOWED_HOSTS?: readonly string[]
  /** Set for processes where people sign in. */
  OIDC_ISSUER?: string
  OIDC_NAME?: string
  SPACEPORT_ADMIN_MINUTES?: number
  SPACEPORT_GIT_IDENTITIES?: readonly GitIdentity[]
  SPACEPORT_PUSHED_PRIVILEGED_GROUPS?: readonly string[]
  SPACEPORT_ADMIN_GROUPS?: readonly string[]
  SPACEPORT_AUDITOR_GROUPS?: readonly string[]
  SPACEPORT_SIGN_IN_GROUPS?: readonly string[]
  LOG_LEVEL: string
  /** For tests, which must not fail on a machine that stalls. In milliseconds. */
  timeLimits?: { lock: number; transaction: number }
}

type OnLost = (error: unknown) => void

/** @returns a function that reads the CA for kubeconfigs; it returns an empty text if there is no file */
function followGatewayCa(caFile: string, log: Logger): () => string {
  if (caFile === '') return () => ''
  return followConfiguredFile(
    'GATEWAY_TLS_CA',
    caFile,
    (text) => void new X509Certificate(text),
    (error) => log.warn({ error }, 'the CA for kubeconfigs can’t be used; the previous one stays'),
  )
}

/** @throws ConfigurationError when an identity names a cluster that isn’t configured */
function assertClustersExist(gitIdentities: readonly GitIdentity[], clusters: Clusters): void {
  const elsewhere = gitIdentities.find(({ cluster }) => !clusters.names.includes(cluster))
  if (elsewhere) throw notUsable('SPACEPORT_GIT_IDENTITIES', `there is no cluster ${elsewhere.cluster}`)
}

/** The pools connect on first use. */
function createPools(process: ServicesProcess, config: ServicesConfig, ways: WaysToPostgres, lost: OnLost) {
  const applicationName = `spaceport-${process}`
  const max = config.DATABASE_CONNECTIONS
  const { url, throughPooler } = ways.queries
  const { lock, transaction: transactionTimeout } = config.timeLimits ?? {}
  const options = { process, max, throughPooler, ...(lock !== undefined && { lockTimeout: lock }) }
  return {
    db: createDb(url, { ...options, transactionTimeout, applicationName: `${applicationName}-prisma` }, lost),
    pool: createPool(url, { ...options, applicationName }, lost),
    locks: createLockPools(
      ways.sessions,
      { process, max: config.DATABASE_LOCK_CONNECTIONS, applicationName: `${applicationName}-locks` },
      lost,
    ),
  }
}

/** @returns null without a secret for webhooks */
function openConfiguredWebhooks(config: ServicesConfig): Webhooks | null {
  const secret = config.SPACEPORT_WEBHOOK_SECRET
  if (!secret) return null
  return openWebhooks({
    secret,
    allowedHosts: config.SPACEPORT_WEBHOOK_ALLOWED_HOSTS ?? [],
    deniedCidrs: config.SPACEPORT_DENIED_CIDRS,
  })
}

/** @throws PoolerFault when Postgres can’t be used through the pooler */
const openPooler = (process: ServicesProcess, ways: WaysToPostgres, log: Logger, lost: OnLost): Promise<Pooler> =>
  watchPooler({
    process,
    ways,
    onTrouble: (error) =>
      error instanceof PoolerFault
        ? log.error({ error }, 'Postgres cannot be used through this pooler configuration')
        : lost(error),
  })

/** The rules of the environment with the operator’s settings. */
const policyOf = (config: ServicesConfig, configuredRules: PolicyRules): Policy => ({
  ...configuredRules,
  namespacePrefix: config.SPACEPORT_NAMESPACE_PREFIX,
  reservedNames: [...config.SPACEPORT_RESERVED_NAMES, ...config.SPACEPORT_PLATFORM_NAMESPACES],
  nameReservedDays: config.SPACEPORT_NAME_RESERVED_DAYS,
  credentialDefaultHours: 8,
  offerExpiryDays: 7,
  reach: {
    deniedCidrs: config.SPACEPORT_DENIED_CIDRS,
    dnsPeers: config.SPACEPORT_DNS_PEERS,
    ingressSuffixes: config.SPACEPORT_INGRESS_SUFFIXES,
    platformNamespaces: config.SPACEPORT_PLATFORM_NAMESPACES,
  },
  directory: config.SPACEPORT_DIRECTORY ?? 'open',
  adminMinutes: config.SPACEPORT_ADMIN_MINUTES ?? 0,
  pushedPrivilegedGroups: config.SPACEPORT_PUSHED_PRIVILEGED_GROUPS ?? [],
})

/** The identity providers, the main one first. */
function providersOf(
  config: ServicesConfig,
  further: readonly ProviderName[],
): Pick<Services, 'issuer' | 'issuers' | 'providers'> {
  const issuer = bareIssuer(config.OIDC_ISSUER ?? '')
  const main = { id: mainProviderId, name: config.OIDC_NAME ?? '', issuer }
  const providers = issuer === '' ? [] : [main, ...further]
  return { issuer, issuers: providers.map((one) => one.issuer), providers }
}

/**
 * Opens the services of one process: database, trail, clusters.
 * @param gateway what kubeconfigs contain; omitted by a process that creates none
 * @param further identity providers besides the configured one
 * @returns the services, and a function to close them
 * @throws ConfigurationError when a file or context named in the environment doesn't exist; PoolerFault when Postgres
 * can’t be used through the pooler
 */
export async function openServices(
  process: ServicesProcess,
  config: ServicesConfig,
  gateway: { url: string; caFile: string } = { url: '', caFile: '' },
  further: readonly ProviderName[] = [],
): Promise<{ services: Services; close: () => Promise<void> }> {
  const log = createLogger(process, config.LOG_LEVEL)
  const readCa = followGatewayCa(gateway.caFile, log)
  const clusters = connectClusters({ kubeconfig: config.KUBECONFIG, clusters: config.SPACEPORT_CLUSTERS })
  const gitIdentities = config.SPACEPORT_GIT_IDENTITIES ?? []
  assertClustersExist(gitIdentities, clusters)
  const ways = waysToPostgres(config)
  const lost = (error: unknown) => log.warn({ error }, 'a database connection was lost')
  const { db, pool, locks } = createPools(process, config, ways, lost)
  const trail = createAuditWriter(pool, {
    maxQueue: 10_000,
    onLost: (error, { action, requestId, intentId }) =>
      log.error({ error, action, requestId, intentId }, 'an outcome is missing from the trail'),
  })
  const webhooks = openConfiguredWebhooks(config)
  let pooler: Pooler | null = null
  const close = async () => {
    webhooks?.close()
    await trail.close()
    await Promise.allSettled([pool.end(), locks.end(), db.$disconnect(), pooler?.close()])
  }
  try {
    if (ways.queries.throughPooler) pooler = await openPooler(process, ways, log, lost)
    await upsertClusters(db, clusters.names)
  } catch (error) {
    await close()
    throw error
  }
  const limits = {
    queries: config.DATABASE_CONNECTIONS,
    locks: config.DATABASE_LOCK_CONNECTIONS,
    clusters: clusters.names.length,
  }
  const connections = connectionsOf(process, limits, ways.queries.throughPooler)
  log.info({ maxConnections: connections.direct, maxPoolerConnections: connections.pooler }, 'Postgres answers')
  const configuredRules = rulesOfConfiguration({
    spaceLimit: config.SPACEPORT_SPACE_LIMIT,
    maxSize: config.SPACEPORT_MAX_SIZE,
  })
  const services: Services = {
    db,
    pool,
    locks,
    pooler,
    clusters,
    policy: policyOf(config, configuredRules),
    configuredRules,
    ...providersOf(config, further),
    roleGroups: {
      adminGroups: config.SPACEPORT_ADMIN_GROUPS ?? [],
      auditorGroups: config.SPACEPORT_AUDITOR_GROUPS ?? [],
    },
    signInGroups: config.SPACEPORT_SIGN_IN_GROUPS ?? [],
    trail,
    log,
    withinRateLimit: createRateLimits(),
    // A healthy cluster takes a few tens of milliseconds; after this the page shows steps instead of a spinner.
    patienceMs: 1_500,
    // The API server learns of bindings by a watch. Until then, the space’s lock is held and other changes of it wait.
    effectiveWithinMs: 5_000,
    clock: () => new Date(),
    randomBytes: (size) => randomBytes(size),
    gateway: { url: gateway.url, readCa },
    portalUrl: config.SPACEPORT_URL ?? '',
    webhooks,
    gitIdentities,
  }
  return { services, close }
}
