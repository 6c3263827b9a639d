import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import https from 'node:https'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { openGatewayFixture } from '#dev/testing/gateway-fixture.ts'

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
  test('ends with an event that says why, in its own encoding', async () => {
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

  test('of namespaces continues from its list until the set of spaces changes', async () => {
    const person = await fixture.person('watcher')
    const { token } = await fixture.credential(person)
    await fixture.grant(first.id, person, 'viewer')
    const before = await versionOf(token)
    const watch = await open(token, watchPath(before), accept)
    expect(watch.status).toBe(200)
    await touch(first, `while-watched-${Date.now()}`)
    await vi.waitFor(() => expect(watch.said()).toContain(first.namespace), 30_000)
    const grant = await fixture.grant(second.id, person, 'viewer')
    await watch.closed
    expect(watch.said()).toContain('the set of your spaces has changed; list them again')
    expect(watch.said()).not.toContain(second.namespace)
    const eventVersion = /"resourceVersion":"(\d+)"/.exec(watch.said())?.[1]
    for (const version of [before, ...(eventVersion === undefined ? [] : [eventVersion])])
      expect((await open(token, watchPath(version), accept)).status, 'from the list of another set').toBe(410)

    const between = await versionOf(token)
    const again = await open(token, watchPath(between), accept)
    expect(again.status).toBe(200)
    await touch(second, `once-granted-${Date.now()}`)
    await vi.waitFor(() => expect(again.said()).toContain(second.namespace), 30_000)
    again.stop()
    // Nobody was watching when the space was taken away.
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

/** client-go's informer, which controllers and k9s are built on. It needs Go. */
const hasGo = await promisify(execFile)('go', ['version']).then(
  () => true,
  () => false,
)

describe.skipIf(!hasGo)('an informer of client-go', () => {
  let program: string
  beforeAll(async () => {
    program = join(fixture.dir, 'informer')
    const cwd = join(import.meta.dirname, '../../dev/cluster')
    const env = { ...process.env, GOTOOLCHAIN: 'local', GOFLAGS: '-mod=readonly', GOWORK: 'off' }
    await promisify(execFile)('go', ['build', '-o', program, './informer'], { cwd, env })
  }, 240_000)

  test.each([
    [protobuf, 'true'],
    [protobuf, 'false'],
    [json, 'false'],
  ])('as %s (WatchList: %s) learns of spaces granted and taken away', async (type, watchList) => {
    const person = await fixture.person('controller')
    const credential = await fixture.credential(person)
    await fixture.grant(first.id, person, 'viewer')
    const informer = spawn(program, [credential.kubeconfig, type], {
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
