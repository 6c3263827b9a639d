import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { buildWeb } from '#dev/build/build-web.ts'
import { freePorts } from '#dev/ports/free-ports.ts'
import { type PgBouncer, startPgBouncer } from '#dev/postgres/pgbouncer.ts'
import { grantProcessRoles, loginOf } from '#dev/postgres/prepare-roles.ts'
import { launcher, projectRoot } from '#dev/project-root.ts'
import { type Service, startService } from '#dev/stack/service.ts'
import type { Stack } from '#dev/stack/stack-options.ts'
import { startStack } from '#dev/stack/start-stack.ts'
import { type Balancer, startBalancer } from './balancer.ts'
import { startPostgresPair } from './postgres-pair.ts'

/** A process that is killed at random. */
export type Killable = {
  name: string
  service: { kill(signal: 'SIGKILL'): Promise<void>; restart(): Promise<void> }
}

/** One of the six processes. */
export type Replica = Killable & {
  service: Service
  /** Where a gateway itself listens, bypassing the balancer; undefined for the others. */
  gatewayPort: number | undefined
  /** Whether it gets new connections. Workers get none. */
  admit: (admitted: boolean) => void
}

export type Pairs = {
  stack: Stack
  replicas: readonly [Replica, ...Replica[]]
  /** The replicas, and PgBouncer if there is one. */
  killable: readonly [Killable, ...Killable[]]
  /** The gateways themselves, bypassing the balancer. */
  gatewayPorts: readonly number[]
  ownerDatabaseUrl: string
  /** Kills the database's primary. Resolves when the standby has taken over. */
  failOver: () => Promise<void>
  stop: () => Promise<void>
}

/**
 * Starts two of each process behind TCP balancers, on a Postgres with a standby and a control plane.
 * @param pooled whether statements go through PgBouncer
 */
export async function startPairs(dir: string, pooled: boolean, onCrash: (reason: string) => void): Promise<Pairs> {
  const stops: (() => Promise<unknown>)[] = []
  const stop = async () => {
    for (const one of stops.splice(0).reverse()) await one()
  }
  try {
    await buildWeb()
    const ports = await freePorts(
      ...(['web', 'idp', 'gateway', 'postgres', 'apiserver', 'primary', 'standby', 'pooler'] as const),
      ...(['web1', 'web2', 'gateway1', 'gateway2', 'admin1', 'admin2', 'worker1', 'worker2'] as const),
    )
    const postgres = await startPostgresPair({ dir: join(dir, 'postgres'), ports, onCrash })
    stops.push(postgres.stop)
    const toPrimary = await startBalancer(ports.postgres, [ports.primary])
    stops.push(toPrimary.close)
    const balanced = (url: string) => url.replace(`:${ports.primary}/`, `:${ports.postgres}/`)
    const ownerDatabaseUrl = balanced(postgres.ownerUrl)
    const stack = await startStack({
      stateDir: join(dir, 'stack'),
      ports,
      ...{ web: 'none', gateway: false, worker: false },
      databaseUrl: ownerDatabaseUrl,
      settings: { SPACEPORT_SPACE_LIMIT: '50', LOG_LEVEL: 'warn' },
      report: () => {},
      onCrash,
    })
    stops.push(stack.stop)
    await grantProcessRoles(ownerDatabaseUrl, loginOf)

    const pooler = pooled ? await startPooler(dir, ports, postgres.urls, onCrash) : undefined
    if (pooler) stops.push(pooler.stop)
    const database = (kind: 'web' | 'gateway' | 'worker') => {
      const direct = balanced(postgres.urls[kind])
      return pooler ? { DATABASE_URL: pooler.through(direct), DATABASE_DIRECT_URL: direct } : { DATABASE_URL: direct }
    }
    const web = await startBalancer(ports.web, [ports.web1, ports.web2])
    const gateway = await startBalancer(ports.gateway, [ports.gateway1, ports.gateway2])
    stops.push(web.close, gateway.close)
    const start = async (
      kind: 'web' | 'gateway' | 'worker',
      number: 1 | 2,
      own: { env: Record<string, string>; ready: string; balancer?: Balancer; port: number },
    ): Promise<Replica> => {
      const name = `${kind} ${number}`
      const service = await startService({
        name,
        command: launcher,
        args: [kind],
        env: { ...stack.env[kind], ...database(kind), ...own.env },
        cwd: projectRoot,
        logFile: join(dir, 'logs', `${kind}-${number}.log`),
        readyUrl: own.ready,
        onCrash,
      })
      stops.push(service.stop)
      return {
        name,
        service,
        gatewayPort: kind === 'gateway' ? own.port : undefined,
        admit: (admitted) => void (admitted ? own.balancer?.bringBack(own.port) : own.balancer?.takeOut(own.port)),
      }
    }
    const at = (port: number, path: string) => `http://127.0.0.1:${port}${path}`
    const replicas: Replica[] = []
    for (const number of [1, 2] as const) {
      const webPort = ports[`web${number}`]
      const gatewayPort = ports[`gateway${number}`]
      const admin = ports[`admin${number}`]
      const worker = ports[`worker${number}`]
      replicas.push(
        await start('web', number, {
          env: { PORT: String(webPort), WEB_ADMIN_LISTEN: '' },
          ready: at(webPort, '/api/readyz'),
          balancer: web,
          port: webPort,
        }),
        await start('gateway', number, {
          env: { GATEWAY_LISTEN: `127.0.0.1:${gatewayPort}`, GATEWAY_ADMIN_LISTEN: `127.0.0.1:${admin}` },
          ready: at(admin, '/readyz'),
          balancer: gateway,
          port: gatewayPort,
        }),
        await start('worker', number, {
          env: { WORKER_LISTEN: `127.0.0.1:${worker}` },
          ready: at(worker, '/readyz'),
          port: worker,
        }),
      )
    }
    const [first, ...others] = replicas
    if (first === undefined || !existsSync(stack.auditLog ?? '')) throw new Error('Nothing was started.')
    return {
      stack,
      replicas: [first, ...others],
      killable: [first, ...others, ...(pooler ? [{ name: 'PgBouncer', service: pooler }] : [])],
      gatewayPorts: [ports.gateway1, ports.gateway2],
      ownerDatabaseUrl,
      async failOver() {
        await postgres.failOver()
        toPrimary.moveTo([ports.standby])
      },
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

/** As docs/configuration.md advises, with as many connections as two of each process need. */
const startPooler = (
  dir: string,
  ports: { pooler: number; postgres: number },
  { web, gateway, worker }: Record<'web' | 'gateway' | 'worker', string>,
  onCrash: (reason: string) => void,
): Promise<PgBouncer> =>
  startPgBouncer({
    ...{ dir: join(dir, 'pgbouncer'), port: ports.pooler, postgresPort: ports.postgres, urls: [web, gateway, worker] },
    settings: {
      default_pool_size: 10,
      server_round_robin: 1,
      server_lifetime: 300,
      server_login_retry: 1,
      query_wait_timeout: 4,
      max_client_conn: 1_000,
    },
    onCrash,
  })
