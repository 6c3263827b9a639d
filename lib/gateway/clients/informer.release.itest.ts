import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import https from 'node:https'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { CoreV1Api, KubeConfig, makeInformer } from '@kubernetes/client-node'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { fastestOfThree } from '#dev/testing/fastest-of-three.ts'
import { openGatewayFixture } from '#dev/testing/fixtures/gateway-fixture.ts'

type Fixture = Awaited<ReturnType<typeof openGatewayFixture>>
type Person = Awaited<ReturnType<Fixture['person']>>
type Space = Awaited<ReturnType<Fixture['space']>>

let fixture: Fixture
let owner: Person
let first: Space
let second: Space

beforeAll(async () => {
  fixture = await openGatewayFixture()
  owner = await fixture.person('owner')
  first = await fixture.space(owner)
  second = await fixture.space(owner)
})
afterAll(() => fixture?.close())

const remove = (grantId: string) => fixture.sql('UPDATE space_grant SET removed_at = now() WHERE id = $1', [grantId])
const touch = (space: Space, how: string) =>
  fixture.asAdmin(['annotate', '--overwrite', 'namespace', space.namespace, `touched=${how}`])
const json = 'application/json'
const protobuf = 'application/vnd.kubernetes.protobuf'
const table = 'application/json;as=Table;v=v1;g=meta.k8s.io'

type Watch = { status: number; type: string; said: () => string; closed: Promise<unknown>; stop: () => void }

async function open(token: string, path: string, accept = json): Promise<Watch> {
  const request = https.get({
    host: '127.0.0.1',
    port: fixture.port,
    ca: fixture.ca,
    agent: false,
    path: `/clusters/default${path}`,
    headers: { authorization: `Bearer ${token}`, accept, 'accept-encoding': 'gzip' },
  })
  request.on('error', () => {})
  const [response] = await once(request, 'response')
  let said = ''
  response.on('data', (chunk: Buffer) => {
    said += chunk.toString('latin1')
  })
  response.on('error', () => {})
  const closed = new Promise((resolve) => response.on('close', resolve))
  return {
    status: response.statusCode,
    type: response.headers['content-type'],
    said: () => said,
    closed,
    stop: () => request.destroy(),
  }
}

async function list(token: string, query = '', accept = json) {
  const answer = await open(token, `/api/v1/namespaces?${query}`, accept)
  await answer.closed
  return { status: answer.status, body: JSON.parse(answer.said()) }
}
const versionOf = async (token: string) => String((await list(token)).body.metadata.resourceVersion)
const watchPath = (version: string) => `/api/v1/namespaces?watch=1&resourceVersion=${version}`

describe.each([json, protobuf, table])('a watch as %s', (accept) => {
  test('ends with an event that gives the reason, in its own encoding', async () => {
    const credential = await fixture.credential(owner)
    const path = `/api/v1/namespaces/${first.namespace}/configmaps?watch=1`
    const watch = await open(credential.token, path, accept)
    expect(watch.status).toBe(200)
    await vi.waitFor(() => expect(watch.said()).toContain('kube-root-ca.crt'), 30_000)
    await fixture.sql('UPDATE credential SET revoked_at = now() WHERE id = $1', [credential.id])
    await watch.closed
    const said = watch.said()
    if (accept !== protobuf) {
      expect(JSON.parse(said.trim().split('\n').at(-1) ?? '')).toMatchObject({ type: 'ERROR', object: { code: 401 } })
      return
    }
    expect(watch.type).toContain(protobuf)
    const bytes = Buffer.from(said, 'latin1')
    const frames: string[] = []
    for (let at = 0; at < bytes.length; at += 4 + bytes.readUInt32BE(at))
      frames.push(bytes.toString('latin1', at + 4, at + 4 + bytes.readUInt32BE(at)))
    expect(frames.at(-1)).toMatch(/ERROR.*k8s\0.*Status.*this credential was revoked/s)
  })

  test('of namespaces continues when the set of spaces changes, and cannot be resumed from before', async () => {
    const person = await fixture.person('watcher')
    const { token } = await fixture.credential(person)
    await fixture.grant(first.id, person, 'viewer')
    const before = await versionOf(token)
    const watch = await open(token, watchPath(before), accept)
    expect(watch.status).toBe(200)
    await touch(first, `while-watched-${Date.now()}`)
    await vi.waitFor(() => expect(watch.said()).toContain(first.namespace), 30_000)
    const grant = await fixture.grant(second.id, person, 'viewer')
    await vi.waitFor(() => expect(watch.said()).toContain(second.namespace), 30_000)
    const versions = [...watch.said().matchAll(/"resourceVersion":"(\d+)"/g)].map(([, version]) => version ?? '')
    for (const version of [before, ...versions])
      expect((await open(token, watchPath(version), accept)).status, 'between two sets').toBe(410)

    const seen = (mark: string) => vi.waitFor(() => expect(watch.said()).toContain(mark), 30_000)
    const mark = `once-granted-${Date.now()}`
    await Promise.all([touch(first, `one-${mark}`), touch(second, `other-${mark}`)])
    await Promise.all([seen(`one-${mark}`), seen(`other-${mark}`)])
    await remove(grant)
    await vi.waitFor(() => expect(watch.said().match(/DELETED/g)).toHaveLength(1), 30_000)
    await touch(second, `no-longer-${mark}`)
    await touch(first, `still-${mark}`)
    await seen(`still-${mark}`)
    expect(watch.said()).not.toContain(`no-longer-${mark}`)
    watch.stop()
  })

  test('of namespaces is refused if it continues the list of another set', async () => {
    const person = await fixture.person('watcher')
    const { token } = await fixture.credential(person)
    await fixture.grant(first.id, person, 'viewer')
    const grant = await fixture.grant(second.id, person, 'viewer')
    const between = await versionOf(token)
    const again = await open(token, watchPath(between), accept)
    expect(again.status).toBe(200)
    await touch(second, `granted-${Date.now()}`)
    await vi.waitFor(() => expect(again.said()).toContain(second.namespace), 30_000)
    again.stop()
    // The space was removed while no watch was open.
    await remove(grant)
    await vi.waitFor(async () => expect((await list(token)).body.items).toHaveLength(1), 30_000)
    expect((await open(token, watchPath(between), accept)).status).toBe(410)
  })
})

test('a paged list expires when the set of spaces changes', async () => {
  const person = await fixture.person('pager')
  const { token } = await fixture.credential(person)
  await fixture.grant(first.id, person, 'viewer')
  await fixture.grant(second.id, person, 'viewer')
  const page = await list(token, 'limit=1')
  expect(page.body.items).toHaveLength(1)
  const next = `limit=1&continue=${page.body.metadata.continue}`
  expect((await list(token, next)).body.items).toHaveLength(1)
  await fixture.grant((await fixture.space(owner)).id, person, 'viewer')
  await vi.waitFor(async () => expect((await list(token)).body.items).toHaveLength(3), 30_000)
  expect(await list(token, next)).toMatchObject({ status: 410, body: { reason: 'Expired' } })
})

test('kubectl follows namespaces', async () => {
  const credential = await fixture.credential(owner)
  for (const args of [['namespaces'], ['namespace', first.namespace]]) {
    const following = credential.open(['get', ...args, '--watch', '-o', 'json'])
    let said = ''
    for (const output of [following.stdout, following.stderr])
      output.on('data', (chunk) => {
        said += String(chunk)
      })
    try {
      await vi.waitFor(() => expect(said).toContain(`"name": "${first.namespace}"`), 30_000)
      const now = `seen-${Date.now()}`
      await touch(first, now)
      await vi.waitFor(() => expect(said).toContain(now), 30_000)
    } finally {
      following.kill()
    }
  }
})

/** Follows a person's namespaces. `shown` has one `+ name` or `- name` per change so far. */
type Following = { shown: () => string[]; stop: () => unknown }
type Credential = Awaited<ReturnType<Fixture['credential']>>

/** Built once. Needs Go. */
let program: string | undefined

const lines = (output: string) => output.split('\n')
function ofProcess(child: ReturnType<typeof spawn>, read: (output: string) => string[]): Following {
  let said = ''
  child.stdout?.on('data', (chunk) => {
    said += String(chunk)
  })
  child.stderr?.resume()
  return { shown: () => read(said), stop: () => child.kill() }
}
const ofClientGo = (type: string, watchList: string) => async (credential: Credential) => {
  const env = { ...process.env, KUBE_FEATURE_WatchListClient: watchList }
  return ofProcess(spawn(program ?? '', [credential.kubeconfig, type], { env }), lines)
}
async function ofKubectl(credential: Credential): Promise<Following> {
  await untilStreams(0)
  const kubectl = credential.open(['get', 'namespaces', '--watch', '--output-watch-events'])
  // Between its list and its watch, a changed set of spaces ends kubectl.
  await untilStreams(1)
  return ofProcess(kubectl, (said) =>
    [...said.matchAll(/(ADDED|DELETED) +(\S+)/g)].map(([, how, name]) => `${how === 'ADDED' ? '+' : '-'} ${name}`),
  )
}

/** Waits until the gateway has this many open streams. */
const untilStreams = (count: number) =>
  vi.waitFor(async () => {
    const metrics = await (await fetch(`${fixture.adminUrl}/metrics`)).text()
    expect(metrics).toMatch(new RegExp(`^spaceport_gateway_open_streams ${count}$`, 'm'))
  }, 30_000)

async function ofClientNode(credential: Credential): Promise<Following> {
  const config = new KubeConfig()
  config.loadFromFile(credential.kubeconfig)
  const shown: string[] = []
  const informer = makeInformer(config, '/api/v1/namespaces', () => config.makeApiClient(CoreV1Api).listNamespace())
  informer.on('add', ({ metadata }) => shown.push(`+ ${metadata?.name}`))
  informer.on('delete', ({ metadata }) => shown.push(`- ${metadata?.name}`))
  informer.on('error', () => {})
  await informer.start()
  return { shown: () => shown, stop: () => informer.stop() }
}

const ofRequests =
  (accept: string) =>
  async ({ token }: Credential): Promise<Following> => {
    const { body } = await list(token)
    const names: string[] = body.items.map((item: { metadata: { name: string } }) => item.metadata.name)
    const watch = await open(token, watchPath(body.metadata.resourceVersion), accept)
    const event =
      accept === protobuf
        ? /(ADDED|DELETED)[\s\S]*?Namespace[\s\S]*?(gw-[a-z0-9-]+)/g
        : /"type":"(ADDED|DELETED)".*?"name":"(gw-[a-z0-9-]+)"/g
    const read = () =>
      [...watch.said().matchAll(event)].map(([, how, name]) => `${how === 'ADDED' ? '+' : '-'} ${name}`)
    return { shown: () => [...names.map((name) => `+ ${name}`), ...read()], stop: watch.stop }
  }

const hasGo = await promisify(execFile)('go', ['version']).then(
  () => true,
  () => false,
)
beforeAll(async () => {
  if (!hasGo) return
  program = join(fixture.dir, 'informer')
  const cwd = join(import.meta.dirname, '../../../dev/cluster')
  const env = { ...process.env, GOTOOLCHAIN: 'local', GOFLAGS: '-mod=readonly', GOWORK: 'off' }
  await promisify(execFile)('go', ['build', '-o', program, './informer'], { cwd, env })
}, 240_000)

const kinds: readonly (readonly [string, (credential: Credential) => Promise<Following>])[] = [
  ...(hasGo
    ? ([
        ['client-go in protobuf, by a streamed list', ofClientGo(protobuf, 'true')],
        ['client-go in protobuf', ofClientGo(protobuf, 'false')],
        ['client-go in JSON', ofClientGo(json, 'false')],
      ] as const)
    : []),
  ['client-node', ofClientNode],
  ['kubectl', ofKubectl],
  ['a watch in JSON', ofRequests(json)],
  ['a watch in protobuf', ofRequests(protobuf)],
  ['a watch of tables', ofRequests(table)],
  ['a watch of metadata', ofRequests('application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io')],
]

test.each(kinds)('%s sees a granted space within a second, and loses a removed one as fast', async (_, follow) => {
  const person = await fixture.person('follower')
  const credential = await fixture.credential(person)
  await fixture.grant(first.id, person, 'viewer')
  const following = await follow(credential)
  const count = (line: string) => following.shown().filter((one) => one === line).length
  try {
    await vi.waitFor(() => expect(count(`+ ${first.namespace}`)).toBe(1), 30_000)
    let granted = Number.POSITIVE_INFINITY
    const until = async (line: string, times: number) => {
      const since = performance.now()
      await vi.waitFor(() => expect(count(line)).toBe(times), { timeout: 30_000, interval: 5 })
      return performance.now() - since
    }
    let round = 0
    const removed = await fastestOfThree(1_000, async () => {
      round++
      const grant = await fixture.grant(second.id, person, 'viewer')
      granted = Math.min(granted, await until(`+ ${second.namespace}`, round))
      await remove(grant)
      const took = await until(`- ${second.namespace}`, round)
      return Math.max(granted, took)
    })
    expect(granted).toBeLessThan(1_000)
    expect(removed).toBeLessThan(1_000)
    expect(count(`- ${first.namespace}`)).toBe(0)
    expect(count(`+ ${first.namespace}`)).toBe(1)
  } finally {
    await following.stop()
  }
})

/** The informer that controllers and k9s use. Needs Go. */
describe.skipIf(!hasGo)('an informer of client-go', () => {
  test.each([
    [protobuf, 'true'],
    [protobuf, 'false'],
    [json, 'false'],
  ])('as %s (WatchList: %s) sees granted and removed spaces', async (type, watchList) => {
    const person = await fixture.person('controller')
    const credential = await fixture.credential(person)
    await fixture.grant(first.id, person, 'viewer')
    const informer = spawn(program ?? '', [credential.kubeconfig, type], {
      env: { ...process.env, KUBE_FEATURE_WatchListClient: watchList },
    })
    let said = ''
    informer.stdout.on('data', (chunk) => {
      said += String(chunk)
    })
    const says = (line: string) => vi.waitFor(() => expect(said.split('\n')).toContain(line), 30_000)
    try {
      await says('synced')
      await says(`+ ${first.namespace}`)
      const grant = await fixture.grant(second.id, person, 'viewer')
      await says(`+ ${second.namespace}`)
      await touch(second, `${type}-${watchList}`)
      await says(`= ${second.namespace} ${type}-${watchList}`)
      await remove(grant)
      await says(`- ${second.namespace}`)
      expect(said).not.toContain(`- ${first.namespace}`)
    } finally {
      informer.kill()
    }
  })
})
