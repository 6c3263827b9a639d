import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import https from 'node:https'
import pg from 'pg'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { ownDatabase } from '#dev/testing/database/own-database.ts'
import { openClustersSideBySide } from '#dev/testing/fixtures/clusters-side-by-side.ts'
import { openGatewayFixture } from '#dev/testing/fixtures/gateway-fixture.ts'
import { withSpaceLock } from '#lib/kernel/db/spaces/with-space-lock.ts'
import type { Services } from '#lib/kernel/use-case/context.ts'
import { openNotifications } from '#lib/kernel/use-case/notifications.ts'
import { openServices } from '#lib/kernel/use-case/open-services.ts'
import { competeForLease } from '#lib/worker/db/compete-for-lease.ts'
import { leadClusters } from '#lib/worker/lead-clusters.ts'
import { startQueue } from '#lib/worker/queue.ts'
import { clusterAuditConnections, maxConnections, trailSinkLeases } from './max-connections.ts'
import { createPool, type Pool } from './pool.ts'

const limits = { queries: 3, locks: 2, clusters: 2 }
/** More than any pool has, and few enough that no caller waits too long for a connection. */
const atOnce = 8

let fixture: Awaited<ReturnType<typeof openGatewayFixture>>
let both: Awaited<ReturnType<typeof openClustersSideBySide>>
beforeAll(async () => {
  ;[fixture, both] = await Promise.all([openGatewayFixture(), openClustersSideBySide()])
})
afterAll(async () => {
  await fixture.close()
  await both.close()
})

/** @returns how many connections a login has to this file's database */
async function connectionsOf(url: string): Promise<number> {
  const { username, pathname } = new URL(url)
  const [row] = await fixture.sql(
    'SELECT count(*)::int AS count FROM pg_stat_activity WHERE usename = $1 AND datname = $2',
    [decodeURIComponent(username), pathname.slice(1)],
  )
  return Number(row?.count)
}

/** Counts while `work` runs. @returns the highest number of connections seen */
async function mostDuring(url: string, work: Promise<unknown>): Promise<number> {
  let most = 0
  let over = false
  const end = () => {
    over = true
  }
  void work.then(end, end)
  while (!over) most = Math.max(most, await connectionsOf(url))
  await work
  return most
}

/** On a machine that stalls, some calls fail. */
const times = (work: () => Promise<unknown>) => Promise.allSettled(Array.from({ length: atOnce }, work))

/**
 * Runs crowds until all connections are open, and one more for late ones.
 * @returns the highest number of connections seen
 */
async function mostInCrowds(url: string, services: Crowded, announced: number): Promise<number> {
  let most = 0
  for (let round = 0; round < 20 && most < announced; round++) most = await mostDuring(url, crowd(services))
  return Math.max(most, await mostDuring(url, crowd(services)))
}

type Crowded = Pick<Services, 'db' | 'pool' | 'locks' | 'clusters'> & { audit?: Pool }

/** More concurrent calls of each kind than there are connections. */
const crowd = ({ db, pool, locks, clusters, audit }: Crowded) =>
  Promise.all([
    times(async () => audit?.query('SELECT pg_sleep(0.2)')),
    times(() => db.$queryRaw`SELECT 1 FROM pg_sleep(0.2)`),
    times(() => pool.query('SELECT pg_sleep(0.2)')),
    ...clusters.names.map((name) =>
      times(() => withSpaceLock(locks.of(name), randomUUID(), () => new Promise((done) => setTimeout(done, 200)))),
    ),
  ])

async function openProcess(process: 'web' | 'worker') {
  const { databaseUrls } = await ownDatabase()
  const url = databaseUrls[process]
  const opened = await openServices(process, {
    DATABASE_URL: url,
    DATABASE_CONNECTIONS: limits.queries,
    DATABASE_LOCK_CONNECTIONS: limits.locks,
    KUBECONFIG: both.kubeconfig,
    SPACEPORT_CLUSTERS: both.clusters,
    SPACEPORT_SPACE_LIMIT: 5,
    SPACEPORT_MAX_SIZE: 'M',
    SPACEPORT_NAMESPACE_PREFIX: '',
    SPACEPORT_RESERVED_NAMES: [],
    SPACEPORT_NAME_RESERVED_DAYS: 30,
    SPACEPORT_DENIED_CIDRS: [],
    SPACEPORT_DNS_PEERS: [],
    SPACEPORT_INGRESS_SUFFIXES: [],
    SPACEPORT_PLATFORM_NAMESPACES: [],
    LOG_LEVEL: 'fatal',
  })
  return { ...opened, url }
}

/** As for a destination of the trail (lib/worker/feed-sinks.ts). */
const leaseOfSink = (databaseUrl: string, name: string) =>
  competeForLease({
    databaseUrl,
    applicationName: 'spaceport-worker-lease',
    name,
    hold: (signal) => once(signal, 'abort').then(() => undefined),
    onTrouble: () => {},
  })

test('under any load, web opens no more connections than it announces', async () => {
  const { services, close, url } = await openProcess('web')
  const notifications = openNotifications({ DATABASE_URL: url }, 'test')
  await expect.poll(() => notifications.connected()).toBe(true)
  const announced = maxConnections.web(limits)
  expect(await mostInCrowds(url, services, announced)).toBe(announced)
  await notifications.close()
  await close()
})

test('under any load, the worker opens no more connections than it announces', async () => {
  const { services, close, url } = await openProcess('worker')
  const origin = { observer: 'worker/test' as const, requestId: 'test' }
  const queue = await startQueue({ ...services, origin }, limits.locks - 1)
  const leading = leadClusters({ ...services, origin }, url)
  const sinks = Array.from({ length: trailSinkLeases }, (_, i) => leaseOfSink(url, `trail/${i}`))
  const audit = createPool(url, { process: 'worker', max: clusterAuditConnections, applicationName: 'test-audit' })
  const leases = `SELECT 1 FROM pg_stat_activity WHERE application_name = 'spaceport-worker-lease' AND datname = current_database()`
  const expected = limits.clusters + trailSinkLeases
  await vi.waitFor(async () => expect(await fixture.sql(leases)).toHaveLength(expected), { timeout: 20_000 })
  const announced = maxConnections.worker(limits)
  expect(await mostInCrowds(url, { ...services, audit }, announced)).toBe(announced)
  await Promise.all([queue.stop(), leading.stop(), audit.end(), ...sinks.map((sink) => sink.stop())])
  await close()
})

test('under any load, the gateway opens no more connections than it announces', async () => {
  const owner = await fixture.person('owner')
  const { namespace } = await fixture.space(owner)
  const { token } = await fixture.credential(owner)
  const send = (method: string, path: string, bearer: string) =>
    new Promise<number>((resolve, reject) => {
      const headers = { authorization: `Bearer ${bearer}` }
      https
        .request(
          { port: fixture.port, host: '127.0.0.1', path, method, headers, ca: fixture.ca, agent: false },
          (answer) => answer.resume().once('end', () => resolve(answer.statusCode ?? 0)),
        )
        .once('error', reject)
        .end()
    })
  const maps = `/clusters/default/api/v1/namespaces/${namespace}/configmaps`
  const stranger = await fixture.person('stranger')
  const announced = maxConnections.gateway({ queries: 4 })
  const { databaseUrls, ownerDatabaseUrl } = await ownDatabase()
  const crowdGateway = async () => {
    const credentials = await Promise.all(Array.from({ length: atOnce }, () => fixture.credential(stranger)))
    // Caches its access, so that its change reaches the trail.
    await expect.poll(() => send('GET', maps, token)).toBe(200)
    // Opens the trail’s connection. Below, access older than three seconds is looked up first, and waits.
    await expect.poll(() => send('DELETE', `${maps}/none`, token)).toBe(404)
    // One connection is for notifications.
    await expect.poll(async () => (await fetch(`${fixture.adminUrl}/readyz`)).ok).toBe(true)
    const blocker = new pg.Client({ connectionString: ownerDatabaseUrl })
    await blocker.connect()
    await blocker.query('BEGIN')
    await blocker.query('LOCK TABLE audit_event, credential IN ACCESS EXCLUSIVE MODE')
    const asked = Promise.allSettled([
      send('DELETE', `${maps}/none`, token),
      ...credentials.map((credential) => send('GET', maps, credential.token)),
    ])
    // Less than a request's wait for a connection.
    const allOpen = vi.waitFor(
      async () => expect(await connectionsOf(databaseUrls.gateway)).toBeGreaterThanOrEqual(announced),
      { timeout: 4_000 },
    )
    const freed = Promise.allSettled([allOpen, new Promise((done) => setTimeout(done, 1_000))]).then(() =>
      blocker.end(),
    )
    const most = await mostDuring(databaseUrls.gateway, freed)
    const refused = (await asked).filter((answer) => answer.status === 'fulfilled' && answer.value === 403).length
    return { most, refused }
  }
  let seen = { most: 0, refused: 0 }
  // On a machine that stalls, requests of a round fail.
  for (let round = 0; round < 5 && (seen.most < announced || seen.refused < atOnce); round++) {
    const { most, refused } = await crowdGateway()
    seen = { most: Math.max(seen.most, most), refused }
  }
  expect(seen).toEqual({ most: announced, refused: atOnce })
})
