import type { GatewayConfig } from '#lib/config/config.ts'
import type { AccessCache } from '#lib/gateway/credential/access-cache.ts'
import type { OpenStreams } from '#lib/gateway/credential/open-streams.ts'
import { listen } from '#lib/kernel/db/listen.ts'
import { gatewayTrailConnections } from '#lib/kernel/db/max-connections.ts'
import { createPool } from '#lib/kernel/db/pool.ts'
import { createPoolerEcho } from '#lib/kernel/db/pooler-echo.ts'
import { PoolerFault } from '#lib/kernel/db/pooler-fault.ts'
import { waysToPostgres } from '#lib/kernel/db/ways-to-postgres.ts'
import type { Logger } from '#lib/observability/logger.ts'
import { withDeadline } from '#lib/time/with-deadline.ts'

/** A query that hangs must not hold up its callers. */
const queryTimeoutMs = 5_000
const applicationName = 'spaceport-gateway'

/** Rejects when a query takes too long. */
export const bounded = <T>(query: Promise<T>): Promise<T> =>
  withDeadline(query, queryTimeoutMs, () => {
    throw new Error(`Postgres did not answer within ${queryTimeoutMs} ms`)
  })

/** The pools connect on first use. */
export function openPostgres(config: GatewayConfig, log: Logger) {
  const ways = waysToPostgres(config)
  const { url, throughPooler } = ways.queries
  const lost = (error: unknown) => log.warn({ error }, 'a connection to Postgres was lost')
  const open = (max: number) => createPool(url, { process: 'gateway', max, throughPooler, applicationName }, lost)
  const pool = open(config.DATABASE_CONNECTIONS)
  const trailPool = open(gatewayTrailConnections)
  const echo = throughPooler
    ? createPoolerEcho({
        process: 'gateway',
        ways,
        onTrouble: (error) =>
          error instanceof PoolerFault
            ? log.error({ error }, 'Postgres cannot be used through this pooler configuration')
            : lost(error),
      })
    : undefined
  return {
    ways,
    pool,
    trailPool,
    /** Undefined: Postgres is reached directly. */
    echo,
    end: () => Promise.all([pool.end(), trailPool.end(), echo?.close()]),
  }
}

type Following = {
  postgres: Pick<ReturnType<typeof openPostgres>, 'ways' | 'echo'>
  cache: Pick<AccessCache, 'notice' | 'forgetAll'>
  streams: Pick<OpenStreams, 'notice' | 'rereadAll'>
  log: Logger
}

/** Listens for changes of access, and passes them on to the cache and the open streams. */
export function followAccess({ postgres: { ways, echo }, cache, streams, log }: Following) {
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
      log.warn({ error }, 'notifications are interrupted')
    },
  })
  return {
    connected: notices.connected,
    /** @returns why the pooler can’t be used; undefined: it can, or there is none */
    poolerFault: () => deaf ?? echo?.fault(),
    close: notices.close,
  }
}
