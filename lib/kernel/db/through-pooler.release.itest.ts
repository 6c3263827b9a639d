import https from 'node:https'
import pg from 'pg'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { freePorts } from '#dev/ports/free-ports.ts'
import { copyDatabase, ownDatabase } from '#dev/testing/database/own-database.ts'
import { ownerSql } from '#dev/testing/database/owner-sql.ts'
import { type BrokerFixture, openBrokerFixture } from '#dev/testing/fixtures/broker-fixture.ts'
import { openGatewayFixture } from '#dev/testing/fixtures/gateway-fixture.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { startBreakableProxy } from '#dev/testing/network/breakable-proxy.ts'
import { ask, openPgBouncer } from '#dev/testing/network/pgbouncer.ts'
import { readWorkerConfig } from '#lib/config/config.ts'
import { addGrant } from '#lib/features/access/use-cases/add-grant.ts'
import { listGrants } from '#lib/features/access/use-cases/list-grants.ts'
import { removeGrant } from '#lib/features/access/use-cases/remove-grant.ts'
import { checkReadiness } from '#lib/features/clusters/use-cases/check-readiness.ts'
import { createCredential } from '#lib/features/credentials/use-cases/create-credential.ts'
import { listCredentials } from '#lib/features/credentials/use-cases/list-credentials.ts'
import { revokeCredential } from '#lib/features/credentials/use-cases/revoke-credential.ts'
import { createSpace } from '#lib/features/spaces/use-cases/create-space.ts'
import { readSpace } from '#lib/features/spaces/use-cases/read-space.ts'
import { enqueueReconcile } from '#lib/kernel/db/spaces/enqueue-reconcile.ts'
import { findClusterOfSpace } from '#lib/kernel/db/spaces/space-row.ts'
import { isDatabaseUnavailable } from '#lib/kernel/model/database-failure.ts'
import { startWorker } from '#lib/worker/start-worker.ts'
import { createDb } from './client.ts'
import { listen } from './listen.ts'
import { createPool } from './pool.ts'
import { createPoolerEcho } from './pooler-echo.ts'
import { prepareLogin } from './prepare-login.ts'
import { watchPooler } from './watch-pooler.ts'

let bouncer: Awaited<ReturnType<typeof openPgBouncer>>
let broker: BrokerFixture
let fixture: Awaited<ReturnType<typeof openGatewayFixture>>
beforeAll(async () => {
  bouncer = await openPgBouncer(await ownDatabase(), { ignored: 'options' })
  ;[broker, fixture] = await Promise.all([openBrokerFixture({ database: bouncer.database }), openGatewayFixture()])
})
afterAll(async () => {
  await Promise.all([broker?.close(), fixture?.close()])
  await bouncer?.stop()
})

const plain = { description: '', size: 'S' as const, endsAt: null }
const nobody = '00000000-0000-4000-8000-000000000000'
const webWays = () => ({
  queries: { url: bouncer.database.databaseUrls.web, throughPooler: true },
  sessions: bouncer.database.directUrls.web,
})
const openWebPool = (url: string) =>
  createPool(url, { process: 'web', max: 1, throughPooler: true, applicationName: 'test' })

/** Both ways of web to a database that no one else uses and no process has used yet. */
async function openQuietDatabase() {
  const { web: sessions } = (await copyDatabase()).databaseUrls
  const url = Object.assign(new URL(webWays().queries.url), { pathname: new URL(sessions).pathname }).href
  return { queries: { url, throughPooler: true }, sessions }
}

function send(port: number, path: string, token: string): Promise<number> {
  const headers = { authorization: `Bearer ${token}` }
  return new Promise((resolve, reject) => {
    https
      .get({ port, host: '127.0.0.1', path, headers, ca: fixture.ca, agent: false }, (answer) =>
        answer.resume().once('end', () => resolve(answer.statusCode ?? 0)),
      )
      .once('error', reject)
  })
}

test('web works through PgBouncer, and the gateway behind it refuses a person who lost access', async () => {
  const gateway = await fixture.start({
    DATABASE_URL: bouncer.database.databaseUrls.gateway,
    DATABASE_DIRECT_URL: bouncer.database.directUrls.gateway,
  })
  const ready = async () => (await fetch(`http://127.0.0.1:${gateway.adminPort}/readyz`)).json()
  await expect.poll(ready).toMatchObject({ status: 'ok', parts: { database: 'ok', notifications: 'ok' } })
  const [owner, member] = await Promise.all([broker.person('owner'), broker.person('member')])
  const name = uniqueName('pooled')
  await createSpace(broker.as(owner), { ...plain, name })
  const space = { name }
  await addGrant(broker.as(owner), { space, principal: member.handle, role: 'viewer' })
  const { namespace } = await readSpace(broker.as(owner), { name })
  await fixture.untilBound(namespace, member)
  const tokens = await Promise.all(
    [owner, member].map(async (actor) => {
      const { kubeconfig } = await createCredential(broker.as(actor), { space })
      return /spt_[\w-]{43}/.exec(kubeconfig)?.[0] ?? ''
    }),
  )
  const get = (token = '') => send(gateway.port, `/clusters/default/api/v1/namespaces/${namespace}/configmaps`, token)
  expect(await Promise.all(tokens.map(get))).toEqual([200, 200])

  const { grants } = await listGrants(broker.as(owner), space)
  await removeGrant(broker.as(owner), { space, grantId: grants[0]?.id ?? '' })
  const [credential] = await listCredentials(broker.as(owner))
  await revokeCredential(broker.as(owner), { id: credential?.id ?? '' })
  await expect.poll(() => Promise.all(tokens.map(get)), { interval: 20 }).toEqual([401, 403])
  const { parts } = await checkReadiness(broker.services)
  expect(parts.database).toBe('ok')
  await gateway.stop()
})

test('more clients than connections: each statement runs with its own role, limits and zone, and none is prepared by name', async () => {
  const crowd = <T>(work: () => Promise<T>) => Promise.all(Array.from({ length: 20 }, work))
  const facts = `SELECT current_user AS role, current_setting('statement_timeout') AS timeout, current_setting('TimeZone') AS zone,
    (SELECT count(*)::int FROM pg_prepared_statements) AS prepared FROM pg_sleep(0.02)`
  const right = (process: string) => ({ role: `spaceport_${process}`, timeout: '15s', zone: 'UTC', prepared: 0 })
  for (const [process, { db, pool }] of [
    ['web', broker.services],
    ['worker', broker.system()],
  ] as const) {
    const found = await Promise.all([
      crowd(async () => (await pool.query({ name: 'facts', text: facts })).rows[0]),
      crowd(async () => (await db.$queryRawUnsafe<unknown[]>(`/* kept plan: facts */ ${facts}`))[0]),
      crowd(async () => findClusterOfSpace(db, nobody)),
    ])
    expect(found.flat().filter(Boolean)).toEqual(Array.from({ length: 40 }, () => right(process)))
  }
})

test('the worker waits for PgBouncer, then is ready and takes jobs from a queue that listens directly at Postgres', async () => {
  const owner = await broker.person('owner')
  const name = uniqueName('queued')
  await createSpace(broker.as(owner), { ...plain, name })
  const { id } = await readSpace(broker.as(owner), { name })
  await enqueueReconcile(broker.services.db, id, 0)
  const jobs = async () =>
    (await broker.owner.query('SELECT FROM graphile_worker.jobs WHERE key = $1', [`reconcile-space:${id}`])).rowCount
  expect(await jobs()).toBe(1)
  const { port } = await freePorts('port')
  const pooled = new URL(bouncer.database.databaseUrls.worker)
  const proxy = await startBreakableProxy({ host: pooled.hostname, port: Number(pooled.port) })
  proxy.break()
  const starting = startWorker(
    readWorkerConfig({
      DATABASE_URL: Object.assign(new URL(pooled), { hostname: '127.0.0.1', port: String(proxy.port) }).href,
      DATABASE_DIRECT_URL: bouncer.database.directUrls.worker,
      KUBECONFIG: inject('kubeBroker'),
      SPACEPORT_URL: 'https://spaceport.test',
      SPACEPORT_NAMESPACE_PREFIX: 'none',
      WORKER_LISTEN: `127.0.0.1:${port}`,
      LOG_LEVEL: 'fatal',
    }),
  )
  const readiness = async () => (await fetch(`http://127.0.0.1:${port}/readyz`)).json()
  await expect.poll(() => readiness().catch(() => undefined)).toMatchObject({ status: 'unready' })
  expect(await jobs()).toBe(1)
  proxy.mend()
  const worker = await starting
  await expect.poll(jobs).toBe(0)
  expect(await readiness()).toMatchObject({ parts: { database: 'ok', queue: 'ok' } })
  await worker.stop()
  await proxy.close()
})

test('a connection that another client of the login changed is ended, not used', async () => {
  const { queries, sessions } = await openQuietDatabase()
  const { url } = queries
  await prepareLogin(sessions, 'web')
  /** On both of the pooler’s connections. Both wait for the gate, however long the machine stalls. */
  const change = async (statement: string) => {
    const clients = [1, 2].map(() => new pg.Client({ connectionString: url }))
    const gate = new pg.Client({ connectionString: sessions })
    await Promise.all([gate, ...clients].map((client) => client.connect()))
    await gate.query('SELECT pg_advisory_lock(77)')
    const changed = Promise.all(
      clients.map((client) =>
        client.query(`SET LOCAL lock_timeout = 0; SELECT pg_advisory_xact_lock_shared(77); ${statement}`),
      ),
    )
    const waiting = `SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`
    await expect.poll(async () => (await gate.query(waiting)).rowCount).toBe(2)
    await gate.end()
    await changed
    await Promise.all(clients.map((client) => client.end()))
  }
  const options = { process: 'web' as const, max: 1, throughPooler: true, applicationName: 'test' }
  const db = createDb(url, options)
  await change('SET ROLE NONE')
  const throughPrisma = await db.$queryRaw`SELECT 1`.catch((error: unknown) => error)
  expect(isDatabaseUnavailable(throughPrisma), String(throughPrisma)).toBe(true)
  await db.$disconnect()
  for (const statement of [
    'SET synchronous_commit = off',
    'SET ROLE NONE',
    'SET search_path = pg_catalog',
    'SET statement_timeout = 0',
    'CREATE TEMP TABLE audit_event (id uuid)',
    // The last: too short for the check, and for the retry.
    "SET statement_timeout = '1ms'",
  ]) {
    await change(statement)
    const failures: unknown[] = []
    await expect
      .poll(() => openAndAsk(url, failures), { interval: 10 })
      .toEqual({ role: 'spaceport_web', commit: 'on', path: '"$user", public', temporary: false })
    expect(failures.length, statement).toBeGreaterThan(0)
    for (const failure of failures) expect(isDatabaseUnavailable(failure), String(failure)).toBe(true)
  }
})

test('a connection with a time limit too short for any check is left to the pooler, which ends it', async () => {
  const { queries, sessions } = await openQuietDatabase()
  await prepareLogin(sessions, 'web')
  // In sequence, on the only connection so far. This limit ends the first check, its own limit the second.
  for (const statement of [
    'CREATE TEMP VIEW pg_settings AS SELECT name, setting, reset_val, source FROM pg_catalog.pg_settings, pg_sleep(20)',
    'SET search_path = pg_temp, pg_catalog',
    "SET statement_timeout = '50ms'",
  ])
    await ask(queries.url, statement)
  const failures: unknown[] = []
  await openAndAsk(queries.url, failures)
  expect(failures.map(String)).toEqual([
    expect.stringContaining('a pooled connection can’t be checked within its time limit'),
  ])
  expect(isDatabaseUnavailable(failures[0])).toBe(true)
  expect(await openAndAsk(queries.url, [])).toMatchObject({ role: 'spaceport_web' })
})

/** With a new connection each time. */
async function openAndAsk(url: string, failures: unknown[]): Promise<unknown> {
  const pool = openWebPool(url)
  try {
    const { rows } = await pool.query(
      `SELECT current_user AS role, current_setting('synchronous_commit') AS commit, current_setting('search_path') AS path,
         pg_my_temp_schema() <> 0 AS temporary`,
    )
    return rows[0]
  } catch (error) {
    failures.push(error)
    return error
  } finally {
    await pool.end()
  }
}

test('a login without its role as a session default is refused, until its process has set that', async () => {
  const ways = await openQuietDatabase()
  const before = openWebPool(ways.queries.url)
  await expect(before.query('SELECT 1')).rejects.toThrow(
    'the login is missing session defaults (role, statement_timeout, lock_timeout)',
  )
  await before.end()
  const troubles: unknown[] = []
  // This ends the pooler’s earlier connections.
  const pooler = await watchPooler({ process: 'web', ways, onTrouble: (error) => troubles.push(error) })
  expect(pooler.fault()).toBeUndefined()
  expect(String(troubles[0])).toContain('doesn’t have its login’s defaults (role, statement_timeout)')
  const after = openWebPool(ways.queries.url)
  expect((await after.query('SELECT current_user AS role')).rows).toEqual([{ role: 'spaceport_web' }])
  await after.end()
  await pooler.close()
})

test('a login can have any name, and no client gets a changed connection where PgBouncer resets each one', async () => {
  const database = await copyDatabase()
  const login = `${uniqueName('Web')}@Project.iam`
  await ownerSql(database.ownerDatabaseUrl, `CREATE ROLE "${login}" LOGIN PASSWORD 'secret' IN ROLE spaceport_web`)
  const direct = new URL(database.databaseUrls.web)
  const sessions = Object.assign(direct, { username: encodeURIComponent(login), password: 'secret' }).href
  const databaseUrls = { ...database.databaseUrls, web: sessions }
  const resetting = await openPgBouncer({ ...database, databaseUrls }, { resetAlways: true })
  const queries = { url: resetting.database.databaseUrls.web, throughPooler: true }
  const troubles: unknown[] = []
  // This ends the earlier connection.
  const pooler = await watchPooler({ process: 'web', ways: { queries, sessions }, onTrouble: (e) => troubles.push(e) })
  troubles.length = 0
  for (const statement of ['SET ROLE NONE', 'SET synchronous_commit = off', "SET statement_timeout = '1ms'"]) {
    await ask(queries.url, statement)
    const failures: unknown[] = []
    expect(await openAndAsk(queries.url, failures), statement).toMatchObject({ role: 'spaceport_web', commit: 'on' })
    expect(failures).toEqual([])
  }
  expect(troubles).toEqual([])
  await pooler.close()
  await resetting.stop()
  await ownerSql(database.ownerDatabaseUrl, `DROP ROLE "${login}"`)
})

test('a login shared by several processes is refused, and so is another process’s login', async () => {
  const { ownerDatabaseUrl, databaseUrls } = await ownDatabase()
  const login = uniqueName('login').replaceAll('-', '_')
  await ownerSql(
    ownerDatabaseUrl,
    `CREATE ROLE ${login} LOGIN PASSWORD 'secret' IN ROLE spaceport_web, spaceport_worker`,
  )
  const url = Object.assign(new URL(databaseUrls.web), { username: login, password: 'secret' }).href
  const words = /the login has to be a member of spaceport_(web|gateway) and of no other process’s role/
  await expect(prepareLogin(url, 'web')).rejects.toThrow(words)
  await expect(prepareLogin(databaseUrls.web, 'gateway')).rejects.toThrow(words)
  await ownerSql(ownerDatabaseUrl, `DROP ROLE ${login}`)
})

test('a direct URL that points to the pooler is noticed at the start, whether it accepts startup options or drops them', async () => {
  const refusing = await openPgBouncer(await ownDatabase())
  for (const { database } of [bouncer, refusing]) {
    const { web } = database.databaseUrls
    const ways = { queries: { url: web, throughPooler: true }, sessions: web }
    const watched = watchPooler({ process: 'web', ways, onTrouble: () => {} })
    await expect(watched).rejects.toThrow('DATABASE_DIRECT_URL points to a pooler, or')
  }
  await refusing.stop()
})

test('a gateway with a direct URL that points to the pooler reports it, and isn’t ready', async () => {
  const { gateway: url } = bouncer.database.databaseUrls
  const gateway = await fixture.start({ DATABASE_URL: url, DATABASE_DIRECT_URL: url })
  const ready = async () => (await fetch(`http://127.0.0.1:${gateway.adminPort}/readyz`)).json()
  await expect.poll(ready).toMatchObject({
    status: 'unready',
    parts: { database: 'DATABASE_DIRECT_URL points to a pooler, or to another database than DATABASE_URL' },
  })
  await gateway.stop()
})

test('a connection that receives no notifications is noticed, behind the pooler or in another database', async () => {
  const other = await copyDatabase()
  const deaf = [webWays().queries.url, other.databaseUrls.web].map(async (databaseUrl) => {
    const echo = createPoolerEcho({ process: 'web', ways: webWays(), onTrouble: () => {} })
    const lost = Promise.withResolvers<Error>()
    const listening = listen({
      ...{ process: 'web', databaseUrl, applicationName: 'test', channels: [], echo, onMessage: () => {} },
      onLost: lost.resolve,
    })
    expect((await lost.promise).message).toMatch(/^DATABASE_DIRECT_URL points to a pooler, or to another database/)
    expect(listening.connected()).toBe(false)
    await listening.close()
    await echo.close()
  })
  await Promise.all(deaf)
})

test('a pooler that logs in as another role is refused', async () => {
  const ways = {
    queries: { url: bouncer.database.databaseUrls.worker, throughPooler: true },
    sessions: bouncer.database.directUrls.web,
  }
  await expect(watchPooler({ process: 'web', ways, onTrouble: () => {} })).rejects.toThrow(
    'the login is missing session defaults (role)',
  )
})
