import { execFile } from 'node:child_process'
import { randomBytes, randomUUID } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { chromium, expect as expectPage } from '@playwright/test'
import pg from 'pg'
import { Agent, fetch } from 'undici'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { buildWeb } from '#dev/build/build-web.ts'
import { statementsOf } from '#dev/check/statements-of.ts'
import { openAuthority } from '#dev/cluster/certificates.ts'
import { startServer } from '#dev/idp/start-server.ts'
import { freePorts } from '#dev/ports/free-ports.ts'
import { projectRoot } from '#dev/project-root.ts'
import { type Service, startService } from '#dev/stack/service.ts'
import { findChromium } from '#dev/test/find-chromium.ts'
import { ownDatabase } from '#dev/testing/database/own-database.ts'
import { openClusterFixture } from '#dev/testing/fixtures/cluster-fixture.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { buildPreviousPortal } from '#dev/testing/portal/previous-portal.ts'
import { hasPreviousRelease, previousRelease, unpackPreviousRelease } from '#dev/testing/portal/previous-release.ts'
import { alwaysWaitForScripts } from '#e2e/fixtures/wait-for-scripts.ts'
import { accessPage } from '#e2e/models/access-page.ts'
import { newSpacePage } from '#e2e/models/new-space-page.ts'
import { patience } from '#e2e/models/patience.ts'
import { signIn } from '#e2e/models/sign-in.ts'
import { spacePage } from '#e2e/models/space-page.ts'
import { makeToken } from '#lib/kernel/credentials/token.ts'
import { listMigrations } from '#lib/kernel/db/migrate/list-migrations.ts'
import { migrateDatabase } from '#lib/kernel/db/migrate/migrate.ts'

/**
 * An installation of the previous release (prisma/released.json), with its own schema, data and processes, is upgraded
 * while it is used; then its processes run beside those of this one, and people use the portals of both. The cluster
 * has the fences of this release. If they differ from the previous ones, its worker finds them faulty, and no new
 * person gets access until that worker is gone: so gateways are set to stay open, and workers finish what needs no
 * fences.
 */

const run = promisify(execFile)
// Its sources are in the history. A shallow clone has nothing to upgrade from: git fetch --unshallow.
const hasPrevious = await hasPreviousRelease()
const testUpgrade = test.skipIf(!hasPrevious)
if (!hasPrevious)
  console.warn(
    `No upgrade is tried: Git doesn’t have ${previousRelease().commit}, the previous release (prisma/released.json). In a shallow clone: git fetch --unshallow.`,
  )
const dir = mkdtempSync(join(tmpdir(), 'spaceport-upgrade-'))
const name = `upgrade_${Date.now()}`
const services: Service[] = []
const crashes: string[] = []
const cluster = openClusterFixture()

let server: pg.Client
let owner: pg.Pool
/** As the previous release’s portal: with its login, and statements for its schema. */
let web: pg.Pool
let ownerUrl: string
let previous: string
let oldWorker: Service
let newWorker: Service
let oldPortal: string
let agent: Agent
let ports: Record<'worker' | 'gateway' | 'admin' | 'newWorker' | 'newGateway' | 'newAdmin', number>
let files: { certFile: string; keyFile: string }
let databaseUrls: { web: string; worker: string; gateway: string }
let person: { id: string; token: string; credential: string }
let clusterId: string
let first: { id: string; namespace: string }

async function start(kind: 'worker' | 'gateway', root: string, env: Record<string, string>): Promise<Service> {
  const of = root === projectRoot ? 'this' : 'the previous'
  const admin = env.WORKER_LISTEN ?? env.GATEWAY_ADMIN_LISTEN
  const service = await startService({
    name: `${kind} of ${of} release`,
    command: join(root, 'bin/spaceport'),
    args: [kind],
    env: {
      PATH: process.env.PATH ?? '',
      DATABASE_URL: databaseUrls[kind],
      SPACEPORT_URL: 'https://spaceport.test',
      ...env,
    },
    cwd: root,
    logFile: join(dir, `${kind}-${of.length}.log`),
    readyUrl: `http://${admin}/readyz`,
    onCrash: (reason) => crashes.push(reason),
  })
  services.push(service)
  return service
}
/** @returns its URL */
async function portal(root: string, port: number, folder: string[], env: Record<string, string>): Promise<string> {
  const url = `http://localhost:${port}`
  const service = await startService({
    name: `portal at ${port}`,
    command: join(root, 'bin/spaceport'),
    args: ['web', ...folder],
    env: {
      PATH: process.env.PATH ?? '',
      DATABASE_URL: databaseUrls.web,
      KUBECONFIG: inject('kubeBroker'),
      SPACEPORT_NAMESPACE_PREFIX: 'none',
      SPACEPORT_GATEWAY_URL: 'https://gateway.test',
      SPACEPORT_URL: url,
      HOSTNAME: '127.0.0.1',
      PORT: String(port),
      ...env,
    },
    cwd: root,
    logFile: join(dir, `portal-${port}.log`),
    readyUrl: `${url}/api/readyz`,
    onCrash: (reason) => crashes.push(reason),
  })
  services.push(service)
  return url
}
const worker = (root: string, port: number) =>
  start('worker', root, {
    ...{ KUBECONFIG: inject('kubeBroker'), SPACEPORT_NAMESPACE_PREFIX: 'none', WORKER_LISTEN: `127.0.0.1:${port}` },
  })
const gateway = (root: string, port: number, admin: number) =>
  start('gateway', root, {
    ...{ KUBECONFIG: inject('kubeGateway'), GATEWAY_LISTEN: `127.0.0.1:${port}` },
    SPACEPORT_WITHOUT_FENCES: 'open',
    ...{ GATEWAY_ADMIN_LISTEN: `127.0.0.1:${admin}`, GATEWAY_TLS_CERT: files.certFile, GATEWAY_TLS_KEY: files.keyFile },
  })

/** Deletes a space as the portal of the previous release does, for a worker to finish. */
async function deleteSpace(): Promise<string> {
  const id = randomUUID()
  await web.query(
    `INSERT INTO space (id, cluster_id, name, namespace, creation, description, size, owner_id) VALUES ($1, $2, $3, $3, $4, '', 'S', $5)`,
    [id, clusterId, uniqueName('upgraded'), randomUUID(), person.id],
  )
  await web.query(
    `WITH marked AS (
       UPDATE space SET status = 'deleting', delete_requested_at = now(), generation = generation + 1 WHERE id = $1 RETURNING id)
     SELECT enqueue_reconcile(id, 0) FROM marked`,
    [id],
  )
  return id
}
const untilDeleted = (id: string) =>
  expect
    .poll(async () => (await owner.query(`SELECT status::text FROM space WHERE id = $1`, [id])).rows)
    .toEqual([{ status: 'deleted' }])

/**
 * Sends a request to a gateway as the person.
 * @returns the status
 */
async function ask(port: number, method: 'GET' | 'POST', { namespace } = first): Promise<number> {
  const answer = await fetch(
    `https://127.0.0.1:${port}/clusters/default/api/v1/namespaces/${namespace}/configmaps?dryRun=All`,
    {
      method,
      dispatcher: agent,
      headers: { authorization: `Bearer ${person.token}`, 'content-type': 'application/json' },
      ...(method === 'POST' && {
        body: JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { generateName: 'made-' } }),
      }),
    },
  )
  await answer.text()
  return answer.status
}

/** What people and processes of the previous release do all the time: writing rows in its format. */
async function workOnce(): Promise<void> {
  const id = randomUUID()
  const subject = uniqueName('busy')
  await web.query(
    `INSERT INTO user_account (id, issuer, subject, handle, name, email, last_sign_in_at) VALUES ($1, 'https://issuer.test', $2, $2, $2, $2, now())`,
    [id, subject],
  )
  await web.query(`INSERT INTO user_group (user_id, "group") VALUES ($1, 'team')`, [id])
  await web.query(
    `INSERT INTO session (id, token_hash, user_id, expires_at) VALUES ($1, $2, $3, now() + interval '1 hour')`,
    [randomUUID(), randomBytes(32), id],
  )
  await web.query(
    `INSERT INTO space_grant (id, space_id, user_id, role, starts_at) VALUES ($1, $2, $3, 'viewer', now() + interval '1 day')`,
    [randomUUID(), first.id, id],
  )
  await web.query('UPDATE space SET description = $2 WHERE id = $1', [first.id, subject])
  await web.query(
    `SELECT s.*, c.name FROM space s JOIN cluster c ON c.id = s.cluster_id JOIN user_account u ON u.id = s.owner_id WHERE s.id = $1`,
    [first.id],
  )
}

/**
 * Works until it is stopped.
 * @returns the failures, and the amount of work
 */
function load(gateways: () => readonly number[]) {
  const failures: string[] = []
  const stopped = new AbortController()
  let done = 0
  const repeat = async (work: () => Promise<unknown>) => {
    while (!stopped.signal.aborted) {
      await work().then(
        () => done++,
        (error: unknown) => failures.push(`${error} ${error instanceof Error ? error.cause : ''}`),
      )
      await delay(20)
    }
  }
  const through = (method: 'GET' | 'POST', expected: number) => async () => {
    for (const port of gateways()) {
      let status = await ask(port, method)
      // As kubectl does. The gateway answers so if the machine stalls.
      if (status === 503) status = await ask(port, method)
      if (status !== expected) throw new Error(`${method} by gateway ${port} answered ${status}`)
    }
  }
  const loops = [repeat(workOnce), repeat(through('GET', 200)), repeat(through('POST', 201))]
  return async () => {
    stopped.abort()
    await Promise.all(loops)
    return { failures, done }
  }
}

/** Tables that a migration needs for itself. */
const tablesOf = (sql: string): string[] =>
  statementsOf(sql).flatMap(({ text }) =>
    [...text.matchAll(/\b(?:alter table|references|create trigger [a-z_]+ .*? on) (?:only )?([a-z_]+)/gi)].map(
      ([, table = '']) => table,
    ),
  )
/** The existing ones, in the same order, each once. */
async function existing(tables: readonly string[]): Promise<string[]> {
  const statement = `SELECT tablename AS name FROM pg_tables WHERE tablename = ANY ($1)`
  const there = new Set((await owner.query<{ name: string }>(statement, [tables])).rows.map((row) => row.name))
  return [...new Set(tables)].filter((table) => there.has(table))
}

/** @returns how many wait for a table */
const waiting = async (): Promise<number> =>
  (
    await owner.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM pg_locks WHERE database = (SELECT oid FROM pg_database WHERE datname = current_database())
         AND NOT granted AND locktype = 'relation'`,
    )
  ).rows[0]?.n ?? 0

// A minute, and nothing once it is cached.
beforeAll(async () => {
  if (hasPrevious) [oldPortal] = await Promise.all([buildPreviousPortal(), buildWeb()])
}, 600_000)

beforeAll(async () => {
  if (!hasPrevious) return
  const own = await ownDatabase()
  const on = (url: string) => Object.assign(new URL(url), { pathname: `/${name}` }).href
  const { web: webUrl, worker: workerUrl, gateway: gatewayUrl } = own.databaseUrls
  databaseUrls = { web: on(webUrl), worker: on(workerUrl), gateway: on(gatewayUrl) }
  ownerUrl = on(own.ownerDatabaseUrl)
  server = new pg.Client({ connectionString: own.ownerDatabaseUrl })
  await server.connect()
  await server.query(`CREATE DATABASE ${name}`)
  owner = new pg.Pool({ connectionString: ownerUrl, max: 3 })
  web = new pg.Pool({ connectionString: databaseUrls.web, max: 3, options: '-c role=spaceport_web' })
  const authority = await openAuthority(join(dir, 'pki'), 'test')
  files = await authority.issue('gateway', { commonName: 'gateway', hosts: ['127.0.0.1'], usages: ['server'] })
  agent = new Agent({ connect: { ca: readFileSync(authority.caFile, 'utf8') } })
  ports = await freePorts('worker', 'gateway', 'admin', 'newWorker', 'newGateway', 'newAdmin')
  previous = await unpackPreviousRelease()
  // Its own command may need an engine that this release doesn't have (docs/adr/0004-migrations-expand-first.md).
  await migrateDatabase(ownerUrl, await listMigrations(join(previous, 'prisma', 'migrations')))
  ;[oldWorker] = await Promise.all([worker(previous, ports.worker), gateway(previous, ports.gateway, ports.admin)])
  clusterId = (await owner.query<{ id: string }>('SELECT id FROM cluster')).rows[0]?.id ?? ''
  const { token, hash } = makeToken(randomBytes)
  const { wanted, owner: member, uid } = await cluster.makeSpace()
  first = { id: wanted.id, namespace: wanted.namespace }
  person = { id: member.userId, token, credential: randomUUID() }
  await web.query(
    `INSERT INTO user_account (id, issuer, subject, handle, name, email) VALUES ($1, 'https://issuer.test', $2, $2, $2, $3)`,
    [person.id, member.handle, member.email],
  )
  await owner.query(
    `INSERT INTO space (id, cluster_id, name, namespace, creation, size, owner_id, status, observed_generation, namespace_uid, first_ready_at)
     VALUES ($1, $2, $3, $3, $4, 'S', $5, 'ready', 1, $6, now())`,
    [wanted.id, clusterId, wanted.namespace, wanted.creation, person.id, uid],
  )
  await web.query(
    `INSERT INTO credential (id, user_id, token_hash, ends_at) VALUES ($1, $2, $3, now() + interval '1 hour')`,
    [person.credential, person.id, hash],
  )
}, 300_000)

afterAll(async () => {
  if (!hasPrevious) return cluster.close()
  await Promise.allSettled(services.map((service) => service.stop()))
  await Promise.allSettled([agent?.close(), web?.end(), owner?.end()])
  await cluster.close()
  // No connections are left except a vacuum, which only a DROP without FORCE may end for us.
  await server.query(`DROP DATABASE ${name}`)
  await server.end()
  rmSync(dir, { recursive: true, force: true })
})

testUpgrade('the schema is upgraded while the previous release is used, and waits without blocking it', async () => {
  const { migration } = previousRelease()
  const since = (await listMigrations()).filter((one) => one.name > migration)
  const stop = load(() => [ports.gateway])
  // A transaction has changed rows of all tables that the migrations need, and stays open.
  const slow = await owner.connect()
  const needed = await existing(since.flatMap(({ sql }) => tablesOf(sql)))
  const hold = (tables: readonly string[]) =>
    slow.query(tables.map((table) => `LOCK TABLE "${table}" IN ROW EXCLUSIVE MODE`).join(';'))
  await slow.query('BEGIN')
  await hold(needed.slice(-1))
  const upgraded = migrateDatabase(ownerUrl)
  if (needed.length > 0) {
    await expect.poll(waiting, { interval: 20 }).toBeGreaterThan(0)
    // The migration now has tables that they need, and waits for theirs: Postgres ends neither.
    await hold(needed)
    await expect.poll(waiting, { interval: 20 }).toBeGreaterThan(0)
    // Later transactions finish although that one doesn’t.
    for (const table of needed) await owner.query(`BEGIN; LOCK TABLE "${table}" IN ROW EXCLUSIVE MODE; COMMIT`)
    expect(await ask(ports.gateway, 'GET')).toBe(200)
  }
  await slow.query('COMMIT')
  slow.release()
  expect(await upgraded).toEqual(since.map((one) => one.name))
  await delay(300)
  const { failures, done } = await stop()
  expect(failures).toEqual([])
  expect(done).toBeGreaterThan(10)
  expect(crashes).toEqual([])
})

testUpgrade(
  'processes of both releases run side by side: either finishes pending work, and both grant and refuse access alike',
  async () => {
    const gateways = [ports.gateway]
    const stop = load(() => gateways)
    ;[newWorker] = await Promise.all([
      worker(projectRoot, ports.newWorker),
      gateway(projectRoot, ports.newGateway, ports.newAdmin),
    ])
    gateways.push(ports.newGateway)
    await oldWorker.stop()
    await untilDeleted(await deleteSpace())
    await oldWorker.restart()
    await newWorker.stop()
    await untilDeleted(await deleteSpace())
    await newWorker.restart()
    const { failures, done } = await stop()
    expect(failures).toEqual([])
    expect(done).toBeGreaterThan(10)

    const unfinished = () =>
      owner.query(
        `SELECT e.id FROM audit_event e WHERE e.intent_id IS NULL AND e.outcome IS NULL
         AND NOT EXISTS (SELECT FROM audit_event o WHERE o.intent_id = e.id)`,
      )
    await expect.poll(async () => (await unfinished()).rows).toEqual([])
    await web.query('UPDATE credential SET revoked_at = now() WHERE id = $1', [person.credential])
    for (const port of [ports.gateway, ports.newGateway]) await expect.poll(() => ask(port, 'GET')).toBe(401)
    expect(crashes).toEqual([])
  },
)

testUpgrade(
  'portals of both releases run side by side: sessions work at both, and each can undo what the other did',
  async () => {
    // Its worker may find the fences of this release faulty.
    await oldWorker.stop()
    await newWorker.restart()
    const faults = () => owner.query(`SELECT jsonb_array_length(fence_faults) AS n FROM cluster`)
    await expect.poll(async () => (await faults()).rows, { timeout: 90_000 }).toEqual([{ n: 0 }])

    const { idp, old, now } = await freePorts('idp', 'old', 'now')
    const [issuer, origin, otherOrigin] = [idp, old, now].map((port) => `http://localhost:${port}`) as [
      string,
      string,
      string,
    ]
    const secret = randomBytes(24).toString('hex')
    const client = { id: 'spaceport', secret, origin, otherOrigin }
    const provider = await startServer({ dir, port: idp, issuer, client, log: () => {} })
    const env = {
      NEXTAUTH_SECRET: randomBytes(24).toString('hex'),
      ...{ OIDC_ISSUER: issuer, OIDC_CLIENT_ID: client.id, OIDC_CLIENT_SECRET: secret },
    }
    const urls = await Promise.all([portal(previous, old, [oldPortal], env), portal(projectRoot, now, [], env)])
    const browser = await chromium.launch({
      executablePath: await findChromium(() => {}),
      args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
    })
    const made: string[] = []
    try {
      const newPage = async () => {
        const page = await browser.newPage()
        alwaysWaitForScripts(page)
        return page
      }
      const [alice, erin] = [await newPage(), await newPage()]
      await signIn(alice, urls[0], { username: 'alice', password: 'alice' })
      await signIn(erin, urls[1], { username: 'erin', password: 'erin' })
      // Cookies belong to a host, whatever the port: each continues at the other without signing in.
      await erin.goto(urls[0])
      await expectPage(erin.getByRole('navigation', { name: 'Main' })).toBeVisible(patience)
      const { rows } = await owner.query<{ handle: string }>(
        `SELECT handle FROM user_account WHERE name = 'Erin Example'`,
      )
      for (const [one, other] of [urls, urls.toReversed()] as [string, string][]) {
        const name = uniqueName('beside')
        made.push(name)
        await newSpacePage(alice).create(one, { name })
        const space = spacePage(alice, other, name)
        await space.open()
        await space.waitUntilReady()
        const [adding, removing] = [accessPage(alice, one, name), accessPage(alice, other, name)]
        await adding.open()
        await adding.add({ who: rows[0]?.handle ?? '', role: 'viewer' })
        await erin.goto(`${other}/spaces/${name}`)
        await expectPage(erin.getByRole('heading', { level: 1, name, exact: true })).toBeVisible(patience)
        await removing.open()
        await removing.remove('Erin Example')
        await erin.goto(`${one}/spaces/${name}`)
        await expectPage(spacePage(erin, one, name).unknown).toBeVisible(patience)
      }
      expect(crashes).toEqual([])
    } finally {
      await Promise.all([browser.close(), provider.stop()])
      const admin = ['--kubeconfig', inject('kubeAdmin'), 'delete', 'namespace', '--wait=false', '--ignore-not-found']
      if (made.length > 0) await run(inject('binaries').kubectl, [...admin, ...made])
    }
  },
)
