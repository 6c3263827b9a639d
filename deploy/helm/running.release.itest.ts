import { randomBytes, randomUUID } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { createServer } from 'node:tls'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { buildWeb } from '#dev/build/build-web.ts'
import { type Authority, openAuthority } from '#dev/cluster/certificates.ts'
import { readKubeconfigContext } from '#dev/cluster/read-kubeconfig-context.ts'
import { startServer } from '#dev/idp/start-server.ts'
import { freePorts } from '#dev/ports/free-ports.ts'
import type { ManagedProcess } from '#dev/process/managed-process.ts'
import { runCaptured } from '#dev/process/run-captured.ts'
import { type OwnCluster, openOwnCluster } from '#dev/testing/cluster/own-cluster.ts'
import { ownDatabase } from '#dev/testing/database/own-database.ts'
import { ownerSql } from '#dev/testing/database/owner-sql.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { charts, type Helm, openHelm, values } from './helm.ts'
import { openPods, type Pods } from './run-pods.ts'

/**
 * Web, gateway and worker with the environment and the files of their pods: tokens that live an hour, the cluster’s CA
 * from its ConfigMap, and the kubeconfig. Beside them the pod of `helm test`, with its identity. On a control plane of
 * its own: on the shared one, the workers of other tests would follow its Space objects too.
 */
const gitNamespace = uniqueName('smoke')
const handle = uniqueName('smoke-git')
/** A mapping that has been removed. */
const former = { namespace: uniqueName('former'), handle: uniqueName('former-git') }
const processes: Partial<Record<'web' | 'gateway' | 'worker', ManagedProcess>> = {}
const closing: (() => unknown)[] = []
let cluster: OwnCluster
let helm: Helm
let pods: Pods
let authority: Authority
let ports: Record<string, number>
let idp: { start: () => Promise<void>; stop: () => Promise<void> }

const smokeSettings = z.looseObject({
  patienceMs: z.number(),
  ready: z.record(z.string(), z.string()),
  portal: z.object({ url: z.string(), service: z.string() }),
  provider: z.object({ issuer: z.string(), clientId: z.string() }),
  gateway: z.looseObject({ service: z.object({ host: z.string(), port: z.number() }), caFile: z.string() }),
  space: z.object({ namespace: z.string(), server: z.string(), tokenFile: z.string(), caFile: z.string() }).optional(),
})
type SmokeSettings = z.infer<typeof smokeSettings>

beforeAll(async () => {
  ;[cluster, helm, ports] = await Promise.all([
    openOwnCluster(),
    openHelm(),
    freePorts('portal', '3000', '8443', '9092', '9091', '9090', 'idp'),
    buildWeb(),
  ])
  closing.push(() => cluster.close(), helm.close)
  const { cluster: server } = await readKubeconfigContext(cluster.adminKubeconfig, undefined)
  const issuer = `http://localhost:${ports.idp}`
  const set = {
    'clusters.own.server': z.string().parse(server.server),
    'config.SPACEPORT_URL': `https://localhost:${ports.portal}`,
    'config.OIDC_ISSUER': issuer,
    'config.SPACEPORT_GIT_IDENTITIES': `{default/${gitNamespace}=${handle},default/${former.namespace}=${former.handle}}`,
    'gateway.tls.ca.name': 'company-ca',
    'test.space.namespace': gitNamespace,
  }
  const rendered = await helm.render(
    charts.spaceport,
    // The development provider has no https.
    ...['--skip-schema-validation', '--values', values.least],
    ...Object.entries(set).flatMap(([name, value]) => ['--set', `${name}=${value}`]),
  )
  pods = openPods({ rendered, adminKubeconfig: cluster.adminKubeconfig, ports })
  closing.push(pods.close)
  authority = await openAuthority(join(pods.dir, 'pki'), 'the company’s')
  const client = { id: 'spaceport', secret: randomBytes(24).toString('hex'), origin: set['config.SPACEPORT_URL'] }
  idp = serveProvider({ dir: join(pods.dir, 'idp'), port: ports.idp ?? 0, issuer, client })
  await idp.start()
  closing.push(() => idp.stop())
  await Promise.all([startAll(client.secret), servePortal(), allowTheTest(rendered)])
}, 600_000)
afterAll(async () => {
  for (const close of closing.reverse()) await close()
})

function serveProvider(options: Omit<Parameters<typeof startServer>[0], 'log'>) {
  let server: Awaited<ReturnType<typeof startServer>> | undefined
  mkdirSync(options.dir)
  return {
    start: async () => {
      server = await startServer({ ...options, log: () => {} })
    },
    stop: async () => {
      await server?.stop()
      server = undefined
    },
  }
}

async function startAll(clientSecret: string): Promise<void> {
  const { databaseUrls, ownerDatabaseUrl } = await ownDatabase()
  for (const [name, deactivatedAt] of [
    [handle, null],
    [former.handle, new Date()],
  ])
    await ownerSql(
      ownerDatabaseUrl,
      `INSERT INTO user_account (id, issuer, subject, handle, name, email, deactivated_at)
       VALUES ($1, 'https://issuer.test', $2, $2, $2, '', $3)`,
      [randomUUID(), name, deactivatedAt],
    )
  const pem = (file: string) => readFileSync(file, 'utf8')
  const { certFile, keyFile } = await authority.issue('gateway', {
    commonName: 'gateway',
    hosts: ['kube.example.com'],
    usages: ['server'],
  })
  pods.put('gateway', 'etc/spaceport/gateway-tls/tls.crt', pem(certFile))
  pods.put('gateway', 'etc/spaceport/gateway-tls/tls.key', pem(keyFile))
  for (const pod of ['web', 'test'] as const) pods.put(pod, 'etc/spaceport/gateway-ca/ca.crt', pem(authority.caFile))
  const ofWeb = {
    ...{ NEXTAUTH_SECRET: randomBytes(32).toString('base64url'), OIDC_CLIENT_SECRET: clientSecret },
    ...{ HOSTNAME: '127.0.0.1', PORT: String(ports['3000']) },
  }
  for (const component of ['web', 'gateway', 'worker'] as const)
    processes[component] = await pods.start(component, {
      ...{ PATH: process.env.PATH, ...(await pods.mount(component)) },
      ...{ DATABASE_URL: databaseUrls[component], ...(component === 'web' && ofWeb) },
    })
}

/** Terminates TLS in front of web, as an Ingress does. */
async function servePortal(): Promise<void> {
  const files = await authority.issue('portal', { commonName: 'portal', hosts: ['localhost'], usages: ['server'] })
  const tls = { cert: readFileSync(files.certFile), key: readFileSync(files.keyFile) }
  const server = createServer(tls, (client) => {
    const web = connect(ports['3000'] ?? 0, '127.0.0.1')
    client.pipe(web).pipe(client)
    client.on('error', () => web.destroy())
    web.on('error', () => client.destroy())
  })
  await new Promise<void>((resolve) => server.listen(ports.portal, '127.0.0.1', resolve))
  closing.push(() => void server.close())
}

/** What Helm creates before the test’s pod. */
async function allowTheTest(rendered: Parameters<typeof openPods>[0]['rendered']): Promise<void> {
  const own = rendered.filter(
    ({ kind, metadata }) =>
      metadata.name === 'spaceport-test' && ['ServiceAccount', 'Role', 'RoleBinding'].includes(kind),
  )
  expect(own).toHaveLength(3)
  for (const name of [gitNamespace, former.namespace]) {
    await pods.kubectl.ok(['create', 'namespace', name])
    const input = own.map((one) => JSON.stringify(one).replaceAll(gitNamespace, name)).join('\n')
    await pods.kubectl.ok(['apply', '--filename', '-'], { input })
  }
  pods.putConfigMap('test', 'spaceport-test', 'etc/spaceport/test')
  await pods.putIdentity('test', 'var/run/spaceport/test')
}

const folder = () => join(pods.dir, 'test', 'etc/spaceport/test')

/**
 * Runs the program of `helm test`, with services at their local addresses.
 * @param change wrong settings
 */
async function smoke(change: (settings: SmokeSettings) => void = () => {}, knowsCa = true) {
  const settings = smokeSettings.parse(JSON.parse(readFileSync(join(folder(), 'settings.json'), 'utf8')))
  settings.patienceMs = 120_000
  settings.ready = {
    web: `http://127.0.0.1:${ports['9092']}/readyz`,
    gateway: `http://127.0.0.1:${ports['9091']}/readyz`,
    worker: `http://127.0.0.1:${ports['9090']}/readyz`,
  }
  settings.portal.service = `http://127.0.0.1:${ports['3000']}`
  settings.gateway.service = { host: '127.0.0.1', port: ports['8443'] ?? 0 }
  change(settings)
  const file = join(folder(), `${randomUUID()}.json`)
  writeFileSync(file, JSON.stringify(settings))
  const env = { NODE_EXTRA_CA_CERTS: knowsCa ? authority.caFile : '' }
  const run = () => runCaptured(process.execPath, [join(folder(), 'main.mjs'), file], { env })
  let { status, output } = await run()
  // The program waits for an answer for six seconds, which a machine that stalls may exceed.
  for (let again = 0; again < 2 && output.includes('no answer within 6 s'); again++) ({ status, output } = await run())
  const lines = output.trimEnd().split('\n')
  const marked = (sign: string) =>
    lines.filter((line) => line.startsWith(`${sign} `)).map((line) => line.replace(/^. +[\d.]+ s {2}/, ''))
  return { status, output, held: marked('✓'), failed: marked('✗'), leftOut: marked('-') }
}

test('each process becomes ready, with its own identity', async () => {
  const ready = async (url: string) => {
    const dead = Object.values(processes).find((process) => process.exit())
    if (dead) throw new Error(dead.tail())
    const body: unknown = await (await fetch(url)).json()
    expect(body).toMatchObject({ status: 'ok', parts: { database: 'ok', 'cluster/default': 'ok' } })
  }
  for (const url of [
    `http://127.0.0.1:${ports['9092']}/readyz`,
    `http://127.0.0.1:${ports['9091']}/readyz`,
    `http://127.0.0.1:${ports['9090']}/readyz`,
  ])
    await vi.waitFor(() => ready(url), { timeout: 60_000, interval: 200 })
})

const objects = async (of: string) =>
  (await pods.kubectl.ok(['get', 'spaces', '--namespace', of, '--output', 'name'])).trim()

test('an identity provider that is down, or not the configured one, is named', async () => {
  const { failed } = await smoke((settings) => {
    settings.provider.issuer = settings.provider.issuer.replace('localhost', '127.0.0.1')
  })
  expect(failed).toEqual([
    expect.stringMatching(/is the configured one: its issuer is http:\/\/localhost:\d+, not http:\/\/127\.0\.0\.1/),
  ])
  await idp.stop()
  try {
    const { status, failed, leftOut } = await smoke()
    expect(status).toBe(1)
    expect(failed).toContainEqual(expect.stringMatching(/is the configured one: connect ECONNREFUSED/))
    expect(leftOut).toContainEqual(
      expect.stringMatching(/^Signing in .*: the provider’s discovery document is missing/),
    )
  } finally {
    await idp.start()
  }
})

test.concurrent('`helm test` goes from sign-in to a space that is created and deleted, and shows no secret', async () => {
  const { status, output, held, failed, leftOut } = await smoke()
  expect({ failed, leftOut, status }, output).toEqual({ failed: [], leftOut: [], status: 0 })
  expect(held).toEqual([
    ...Array(3).fill(expect.stringMatching(/^(web|gateway|worker) is ready: 200 /)),
    `The portal at https://localhost:${ports.portal} shows its sign-in page, with its headers`,
    'Without a session, pages redirect to sign-in and routes refuse',
    `The identity provider http://localhost:${ports.idp} is the configured one`,
    expect.stringMatching(/^Signing in leads to the identity provider, with PKCE: to http:\/\/localhost/),
    'The gateway has the certificate of https://kube.example.com:8443, and refuses unknown credentials',
    expect.stringMatching(/^A Space object is created: /),
    expect.stringMatching(new RegExp(`^Its space becomes ready: namespace team-helm-test-\\w+, owned by ${handle}, `)),
    'It is deleted',
    'The space is gone: with everything in it',
  ])
  expect(await objects(gitNamespace)).toBe('')
  const token = readFileSync(join(pods.dir, 'test', 'var/run/spaceport/test/token'), 'utf8')
  for (const secret of [token, 'csrfToken', 'code_challenge=']) expect(output).not.toContain(secret)
})

test.concurrent('its identity may only handle Space objects in that namespace', async () => {
  const as = '--as=system:serviceaccount:spaceport-system:spaceport-test'
  const may = async (...what: string[]) =>
    (await pods.kubectl.run(['auth', 'can-i', as, ...what])).stdout.trim().split('\n').at(-1)
  const space = 'spaces.spaceport.dev'
  for (const verb of ['create', 'get', 'delete']) expect(await may(verb, space, '-n', gitNamespace)).toBe('yes')
  for (const verb of ['list', 'update', 'patch']) expect(await may(verb, space, '-n', gitNamespace)).toBe('no')
  for (const where of ['default', 'spaceport-system']) expect(await may('create', space, '-n', where)).toBe('no')
  for (const kind of ['pods', 'secrets', 'rolebindings'])
    expect(await may('create', kind, '-n', gitNamespace)).toBe('no')
})

test.concurrent('a portal that is unreachable by its name is asked at its Service, and another CA of the gateway is refused', async () => {
  const another = await openAuthority(join(pods.dir, 'another'), 'another')
  const { status, failed, held, leftOut } = await smoke((settings) => {
    settings.gateway.caFile = another.caFile
  }, false)
  expect(status).toBe(1)
  expect(failed).toEqual([expect.stringMatching(/^The gateway has the certificate of .*: .*certificate/)])
  expect(held).toContain(`The portal at http://127.0.0.1:${ports['3000']} shows its sign-in page, with its headers`)
  expect(held).toContainEqual(expect.stringMatching(/^Signing in leads to the identity provider/))
  expect(leftOut).toEqual([
    expect.stringMatching(/^The portal from outside: https:\/\/localhost:\d+ can’t be reached .*certificate/),
    expect.stringMatching(/^A space is created, .*: skipped/),
  ])
})

test.concurrent('a portal with a certificate for another name isn’t asked elsewhere', async () => {
  const { status, failed, leftOut } = await smoke(({ portal }) => {
    portal.url = portal.url.replace('localhost', '127.0.0.1')
  })
  expect(status).toBe(1)
  expect(failed).toEqual(Array(3).fill(expect.stringMatching(/does not match certificate/)))
  expect(leftOut).toEqual([expect.stringMatching(/^A space is created, .*: skipped/)])
})

test.concurrent('another server in the portal’s place, a process that isn’t ready and another client are reported', async () => {
  const { status, failed } = await smoke((settings) => {
    settings.patienceMs = 10_000
    settings.ready.worker = `http://127.0.0.1:${ports['9090']}/nothing`
    settings.portal.url = `http://localhost:${ports.idp}`
    settings.provider.clientId = 'another'
  })
  expect(status).toBe(1)
  expect(failed).toEqual([
    expect.stringMatching(/^worker is ready: 404/),
    expect.stringMatching(/shows its sign-in page, with its headers: .* answers 404/),
    expect.stringMatching(/^Without a session, .*: \/profile answers 404/),
    expect.stringMatching(/^Signing in leads to the identity provider, with PKCE: /),
  ])
  const asked = await smoke((settings) => {
    settings.provider.clientId = 'another'
    delete settings.space
  })
  expect(asked.failed).toEqual([
    expect.stringMatching(/^Signing in .*: these parameters are missing or wrong: client_id$/),
  ])
  expect(asked.leftOut).toEqual([expect.stringMatching(/^A space is created, .*: set test\.space\.namespace/)])
})

test.concurrent('a refused Space fails with the reason, and is cleaned up', async () => {
  const within = (namespace: string) =>
    smoke(({ space }) => {
      if (space) space.namespace = namespace
    })
  expect((await within('default')).failed).toEqual([
    expect.stringMatching(/^A Space object is created: creating a Space failed with 403/),
  ])
  const { status, failed, held } = await within(former.namespace)
  expect(status).toBe(1)
  expect(failed).toEqual([expect.stringMatching(/^Its space becomes ready: IdentityDeactivated: /)])
  expect(held.at(-1)).toMatch(/^The space is gone/)
  expect(await objects(former.namespace)).toBe('')
})

test('a deletion that waits because of the limit reports that reason', async () => {
  const { ownerDatabaseUrl } = await ownDatabase()
  await ownerSql(
    ownerDatabaseUrl,
    `INSERT INTO space (id, cluster_id, name, namespace, creation, description, size, owner_id, status, generation,
       observed_generation, declared_namespace, delete_requested_at, deleted_at)
     SELECT gen_random_uuid(), c.id, 'gone-' || i, 'gone-' || i, 'x', '', 'S', u.id, 'deleted', 1, 1, $1, now(), now()
     FROM generate_series(1, 5) i, cluster c, user_account u WHERE u.handle = $2`,
    [gitNamespace, handle],
  )
  const { status, failed } = await smoke()
  expect(status).toBe(1)
  expect(failed).toEqual([expect.stringMatching(/^The space is gone: DeletionWaits: Only 5 spaces .*\(kubectl -n /)])
})

test('each process ends when asked to', async () => {
  for (const process of [processes.gateway, processes.worker]) {
    await process?.stop({ graceMs: 60_000 })
    expect(process?.exit()).toEqual({ code: 0, signal: null })
  }
})
