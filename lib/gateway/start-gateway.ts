import { hostname } from 'node:os'
import type { GatewayConfig } from '#lib/config/config.ts'
import { createChangeLimit } from '#lib/gateway/connection/change-limit.ts'
import { createClientConnections } from '#lib/gateway/connection/client-connections.ts'
import { createFairShare } from '#lib/gateway/connection/fair-share.ts'
import { createAccessCache } from '#lib/gateway/credential/access-cache.ts'
import { createAccessChanges } from '#lib/gateway/credential/access-changes.ts'
import { createAuthenticate } from '#lib/gateway/credential/authenticate.ts'
import { createFailureLimit } from '#lib/gateway/credential/failure-limit.ts'
import { createLastUsed } from '#lib/gateway/credential/last-used.ts'
import { createOpenStreams } from '#lib/gateway/credential/open-streams.ts'
import { createPatientLookUp } from '#lib/gateway/credential/patient-look-up.ts'
import { type CredentialUse, noteCredentialUse, noteSpaceUse, type SpaceUse } from '#lib/gateway/db/note-use.ts'
import { selectAccess } from '#lib/gateway/db/select-access.ts'
import { selectPeopleReaching } from '#lib/gateway/db/select-people-reaching.ts'
import { selectDeclaringObjects, selectSpacelessNamespaces } from '#lib/gateway/db/select-space-objects.ts'
import { createBodyReader } from '#lib/gateway/request/read-body.ts'
import { clientInWords } from '#lib/gateway/trail/client-in-words.ts'
import { createTrail } from '#lib/gateway/trail/trail.ts'
import { readClusterEndpoints } from '#lib/gateway/upstream/cluster-endpoint.ts'
import { createRecycledBlocks } from '#lib/gateway/upstream/recycled-blocks.ts'
import { createUpstream } from '#lib/gateway/upstream/upstream.ts'
import { listen } from '#lib/kernel/db/listen.ts'
import { connectionsOf, gatewayTrailConnections } from '#lib/kernel/db/max-connections.ts'
import { createPool } from '#lib/kernel/db/pool.ts'
import { createPoolerEcho } from '#lib/kernel/db/pooler-echo.ts'
import { PoolerFault } from '#lib/kernel/db/pooler-fault.ts'
import { readAccessChanges } from '#lib/kernel/db/spaces/read-access-changes.ts'
import { waysToPostgres } from '#lib/kernel/db/ways-to-postgres.ts'
import { observerOf } from '#lib/kernel/model/audit/observer.ts'
import { createAuditWriter } from '#lib/kernel/trail/audit-writer.ts'
import { startAdminServer } from '#lib/observability/admin-server.ts'
import { listenOn } from '#lib/observability/listen-on.ts'
import type { Logger } from '#lib/observability/logger.ts'
import { startTracing } from '#lib/observability/start-tracing.ts'
import { withDeadline } from '#lib/time/with-deadline.ts'
import { followCertificate, openCertificate } from '#lib/tls/certificate.ts'
import type { Gateway } from './gateway.ts'
import { createHealth } from './health.ts'
import { createMetrics } from './metrics.ts'
import { GatewayRefusal } from './refusal.ts'
import { createServer, useCertificate } from './server.ts'

/** A query that hangs must not hold up its callers. */
const queryTimeoutMs = 5_000
const maxTrailQueue = 10_000
const drainMs = 10_000

const bounded = <T>(query: Promise<T>): Promise<T> =>
  withDeadline(query, queryTimeoutMs, () => {
    throw new Error(`Postgres did not answer within ${queryTimeoutMs} ms`)
  })

export type RunningGateway = {
  port: number
  /** Undefined: no admin server. */
  adminPort: number | undefined
  /** Reports not ready, and ends connections after their next answer. Still serves new ones. */
  leave(): void
  /** Accepts no new connections, ends streams, finishes requests for up to ten seconds, and writes what is queued. */
  stop(): Promise<void>
}

/** @param clock milliseconds since the epoch */
export async function startGateway(config: GatewayConfig, log: Logger, clock: () => number): Promise<RunningGateway> {
  const tracing = await startTracing('gateway', config)
  const paths = { cert: config.GATEWAY_TLS_CERT, key: config.GATEWAY_TLS_KEY }
  let certificate = openCertificate(paths, { cert: 'GATEWAY_TLS_CERT', key: 'GATEWAY_TLS_KEY' })
  const monotonic = () => performance.now()
  const warn = (what: string) => (error: unknown) => log.warn({ error }, what)
  const blocks = createRecycledBlocks()
  const clusters = new Map(
    readClusterEndpoints(config.KUBECONFIG, config.SPACEPORT_CLUSTERS).map((endpoint) => [
      endpoint.name,
      createUpstream(endpoint, { monotonic, blocks, log }),
    ]),
  )
  const applicationName = 'spaceport-gateway'
  const ways = waysToPostgres(config)
  const { url, throughPooler } = ways.queries
  const pool = createPool(
    url,
    { process: 'gateway', max: config.DATABASE_CONNECTIONS, throughPooler, applicationName },
    warn('a connection to Postgres was lost'),
  )
  const trailPool = createPool(
    url,
    { process: 'gateway', max: gatewayTrailConnections, throughPooler, applicationName },
    warn('a connection to Postgres was lost'),
  )
  const writer = createAuditWriter(trailPool, {
    maxQueue: maxTrailQueue,
    onLost: (error, { requestId, intentId }) =>
      log.error({ error, requestId, intentId }, 'an outcome is missing from the trail'),
  })
  const list = (hashes: readonly string[]) => bounded(selectAccess(pool, hashes, config.SPACEPORT_WITHOUT_FENCES))
  const cache = createAccessCache(list, monotonic)
  const readChanges = createAccessChanges({ read: (since) => bounded(readAccessChanges(pool, since)), monotonic })
  const streams = createOpenStreams({
    async changes() {
      const changed = await readChanges()
      if (changed !== 'all') for (const subject of changed) cache.notice(subject)
      return changed
    },
    list,
    reaching: (spaceIds, userIds) => bounded(selectPeopleReaching(pool, spaceIds, userIds)),
    clock,
    monotonic,
    onError: warn('open streams could not be checked'),
  })
  const notUsed = warn('last use was not written')
  const usedCredentials = createLastUsed<Omit<CredentialUse, 'at' | 'client'> & { userAgent: string | undefined }>(
    (uses) =>
      noteCredentialUse(
        pool,
        uses.map(({ userAgent, ...use }) => ({ ...use, client: clientInWords(userAgent) })),
      ),
    clock,
    notUsed,
  )
  const usedSpaces = createLastUsed<Omit<SpaceUse, 'at'>>((u) => noteSpaceUse(pool, u), clock, notUsed)
  let stopping = false
  const metrics = createMetrics({
    openStreams: streams.size,
    trailQueue: writer.queued,
    connections: () => connections.count(),
    certificateEndsAt: () => certificate.endsAt,
  })
  const share = createFairShare(monotonic)
  const connections = createClientConnections(config.GATEWAY_CONNECTIONS_PER_SOURCE, share, () =>
    metrics.refused('too_many_connections'),
  )
  const trail = createTrail({
    writer,
    observer: observerOf('gateway', hostname()),
    clock,
    keepCommands: config.GATEWAY_TRAIL_COMMANDS === 'on',
    log,
    onDropped: metrics.trailDropped,
  })
  const echo = throughPooler
    ? createPoolerEcho({
        process: 'gateway',
        ways,
        onTrouble: (error) =>
          error instanceof PoolerFault
            ? log.error({ error }, 'Postgres cannot be used through this pooler configuration')
            : warn('a connection to Postgres was lost')(error),
      })
    : undefined
  let deaf: string | undefined
  const notices = listen({
    process: 'gateway',
    databaseUrl: ways.sessions,
    applicationName,
    channels: ['spaceport_access'],
    echo,
    onMessage(_channel, payload) {
      cache.notice(payload)
      streams.notice(payload)
    },
    onConnected() {
      deaf = undefined
      cache.forgetAll()
      streams.rereadAll()
    },
    onLost(error) {
      // Notifications of revocations no longer arrive: the next request reads access, and is refused if that fails.
      cache.forgetAll()
      deaf = error instanceof PoolerFault ? error.words : undefined
      warn('notifications are interrupted')(error)
    },
  })
  const gateway: Gateway = {
    clusters,
    cache,
    authenticate: createAuthenticate(cache, createFailureLimit(), createPatientLookUp(list), config.SPACEPORT_URL),
    readBody: createBodyReader(),
    streams,
    trail,
    limitChanges: createChangeLimit(),
    share,
    connections,
    metrics,
    log,
    clock,
    monotonic,
    portalUrl: config.SPACEPORT_URL,
    clusterReadable: new Set(config.SPACEPORT_CLUSTER_READABLE),
    spaceObjects: {
      identities: config.SPACEPORT_GIT_IDENTITIES,
      declaring: (spaceIds, userId) => bounded(selectDeclaringObjects(pool, spaceIds, userId)),
      spaceless: (cluster, namespaces) => bounded(selectSpacelessNamespaces(pool, cluster, namespaces)),
    },
    noteUse({ credential, person }, sourceAddress, userAgent, decision) {
      usedCredentials.note(credential.id, { credentialId: credential.id, sourceAddress, userAgent })
      if (decision.as !== 'person' || !decision.space) return
      const { spaceId } = decision.space
      usedSpaces.note(`${spaceId} ${person.id}`, { spaceId, userId: person.id })
    },
  }
  const health = createHealth({
    clusters,
    askDatabase: () => list([]),
    poolerFault: () => deaf ?? echo?.fault(),
    listening: notices.connected,
    stopping: () => stopping,
    registry: metrics.registry,
    monotonic,
  })
  const server = createServer(gateway, certificate)
  const use = (next: typeof certificate) => {
    useCertificate(server.https, next)
    certificate = next
  }
  const port = await listenOn(server.https, config.GATEWAY_LISTEN, { shared: config.GATEWAY_SHARES_PORT })
  const admin = await startAdminServer(config.GATEWAY_ADMIN_LISTEN, health, log)
  const following = followCertificate({ paths, current: certificate, use, log })
  const limits = { queries: config.DATABASE_CONNECTIONS, locks: 0, clusters: clusters.size }
  const postgres = connectionsOf('gateway', limits, throughPooler)
  log.info(
    {
      port,
      adminPort: admin.port,
      clusters: [...clusters.keys()],
      maxConnections: postgres.direct,
      maxPoolerConnections: postgres.pooler,
    },
    'the gateway is listening',
  )

  return {
    port,
    adminPort: admin.port,
    leave() {
      stopping = true
      server.leave()
    },
    async stop() {
      stopping = true
      following.close()
      const drained = server.drain()
      streams.stop(new GatewayRefusal('stopping', 503, 'the gateway is restarting; retry'))
      await withDeadline(drained, drainMs, () => undefined)
      server.https.closeAllConnections()
      streams.close()
      share.close()
      trail.close()
      await Promise.all([notices.close(), usedCredentials.close(), usedSpaces.close()])
      await writer.close()
      admin.stop()
      for (const upstream of clusters.values()) upstream.close()
      await Promise.all([pool.end(), trailPool.end(), echo?.close(), tracing.stop()])
    },
  }
}
