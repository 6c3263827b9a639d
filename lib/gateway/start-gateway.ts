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
import { createUpstream, type Upstream } from '#lib/gateway/upstream/upstream.ts'
import { connectionsOf } from '#lib/kernel/db/max-connections.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
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
import { bounded, followAccess, openPostgres } from './postgres.ts'
import { GatewayRefusal } from './refusal.ts'
import { createServer, useCertificate } from './server.ts'

const maxTrailQueue = 10_000
const drainMs = 10_000

export type RunningGateway = {
  port: number
  /** Undefined: no admin server. */
  adminPort: number | undefined
  /** Reports not ready, and ends connections after their next answer. Still serves new ones. */
  leave(): void
  /** Accepts no new connections, ends streams, finishes requests for up to ten seconds, and writes what is queued. */
  stop(): Promise<void>
}

function createUpstreams(config: GatewayConfig, log: Logger, monotonic: () => number): Map<string, Upstream> {
  const blocks = createRecycledBlocks()
  return new Map(
    readClusterEndpoints(config.KUBECONFIG, config.SPACEPORT_CLUSTERS).map((endpoint) => [
      endpoint.name,
      createUpstream(endpoint, { monotonic, blocks, log }),
    ]),
  )
}

type Surroundings = { clock: () => number; monotonic: () => number; log: Logger }

/** Access as Postgres has it, and the streams that depend on it. */
function createAccess(config: GatewayConfig, pool: Pool, { clock, monotonic, log }: Surroundings) {
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
    onError: (error) => log.warn({ error }, 'open streams could not be checked'),
  })
  return { list, cache, streams }
}

/** What the operator lets people read, and where the portal is. */
const settingsOf = (
  config: GatewayConfig,
  pool: Pool,
): Pick<Gateway, 'portalUrl' | 'clusterReadable' | 'spaceObjects'> => ({
  portalUrl: config.SPACEPORT_URL,
  clusterReadable: new Set(config.SPACEPORT_CLUSTER_READABLE),
  spaceObjects: {
    identities: config.SPACEPORT_GIT_IDENTITIES,
    declaring: (spaceIds, userId) => bounded(selectDeclaringObjects(pool, spaceIds, userId)),
    spaceless: (cluster, namespaces) => bounded(selectSpacelessNamespaces(pool, cluster, namespaces)),
  },
})

/** Records the last use of credentials, and when people last used spaces. */
function createUses(pool: Pool, clock: () => number, onError: (error: unknown) => void) {
  const credentials = createLastUsed<Omit<CredentialUse, 'at' | 'client'> & { userAgent: string | undefined }>(
    (uses) =>
      noteCredentialUse(
        pool,
        uses.map(({ userAgent, ...use }) => ({ ...use, client: clientInWords(userAgent) })),
      ),
    clock,
    onError,
  )
  const spaces = createLastUsed<Omit<SpaceUse, 'at'>>((uses) => noteSpaceUse(pool, uses), clock, onError)
  const note: Gateway['noteUse'] = ({ credential, person }, sourceAddress, userAgent, decision) => {
    credentials.note(credential.id, { credentialId: credential.id, sourceAddress, userAgent })
    if (decision.as !== 'person' || !decision.space) return
    const { spaceId } = decision.space
    spaces.note(`${spaceId} ${person.id}`, { spaceId, userId: person.id })
  }
  return { note, close: () => Promise.all([credentials.close(), spaces.close()]) }
}

function logListening(
  config: GatewayConfig,
  port: number,
  adminPort: number | undefined,
  clusters: readonly string[],
  log: Logger,
): void {
  const limits = { queries: config.DATABASE_CONNECTIONS, locks: 0, clusters: clusters.length }
  const { direct, pooler } = connectionsOf('gateway', limits, waysToPostgres(config).queries.throughPooler)
  log.info(
    { port, adminPort, clusters, maxConnections: direct, maxPoolerConnections: pooler },
    'the gateway is listening',
  )
}

/** @param clock milliseconds since the epoch */
export async function startGateway(config: GatewayConfig, log: Logger, clock: () => number): Promise<RunningGateway> {
  const tracing = await startTracing('gateway', config)
  const paths = { cert: config.GATEWAY_TLS_CERT, key: config.GATEWAY_TLS_KEY }
  let certificate = openCertificate(paths, { cert: 'GATEWAY_TLS_CERT', key: 'GATEWAY_TLS_KEY' })
  const monotonic = () => performance.now()
  const clusters = createUpstreams(config, log, monotonic)
  const postgres = openPostgres(config, log)
  const { pool } = postgres
  const writer = createAuditWriter(postgres.trailPool, {
    maxQueue: maxTrailQueue,
    onLost: (error, { requestId, intentId }) =>
      log.error({ error, requestId, intentId }, 'an outcome is missing from the trail'),
  })
  const { list, cache, streams } = createAccess(config, pool, { clock, monotonic, log })
  const uses = createUses(pool, clock, (error) => log.warn({ error }, 'last use was not written'))
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
  const notices = followAccess({ postgres, cache, streams, log })
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
    ...settingsOf(config, pool),
    noteUse: uses.note,
  }
  const health = createHealth({
    clusters,
    askDatabase: () => list([]),
    poolerFault: notices.poolerFault,
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
  logListening(config, port, admin.port, [...clusters.keys()], log)

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
      await Promise.all([notices.close(), uses.close()])
      await writer.close()
      admin.stop()
      for (const upstream of clusters.values()) upstream.close()
      await Promise.all([postgres.end(), tracing.stop()])
    },
  }
}
