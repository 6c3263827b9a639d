import { Agent, WebSocket } from 'undici'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { openGatewayFixture } from '#dev/testing/fixtures/gateway-fixture.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'

/** Watches and logs over WebSocket, as Headlamp requests them. */
type Fixture = Awaited<ReturnType<typeof openGatewayFixture>>

let fixture: Fixture
let agent: Agent
let owner: Awaited<ReturnType<Fixture['person']>>
let credential: Awaited<ReturnType<Fixture['credential']>>
let namespace: string
let others: Awaited<ReturnType<Fixture['space']>>

beforeAll(async () => {
  fixture = await openGatewayFixture()
  agent = new Agent({ connect: { ca: fixture.ca } })
  owner = await fixture.person('owner')
  namespace = (await fixture.space(owner)).namespace
  others = await fixture.space(await fixture.person('other'))
  credential = await fixture.credential(owner, { namespace })
  await fixture.runPod(namespace, credential)
})
afterAll(async () => {
  await agent?.close()
  await fixture?.close()
})

type Opened = { protocol: string; messages: (string | Buffer)[]; closed: Promise<number>; socket: WebSocket }

/** @throws Error when it is refused */
async function open(
  path: string,
  { token = credential.token, protocols = [] as string[], accept = '*/*' } = {},
): Promise<Opened> {
  const socket = new WebSocket(`wss://127.0.0.1:${fixture.port}/clusters/default/api/v1/${path}`, {
    protocols,
    dispatcher: agent,
    headers: { accept, ...(token !== '' && { authorization: `Bearer ${token}` }) },
  })
  socket.binaryType = 'arraybuffer'
  const messages: (string | Buffer)[] = []
  socket.addEventListener('message', ({ data }) =>
    messages.push(typeof data === 'string' ? data : Buffer.from(data as ArrayBuffer)),
  )
  const closed = new Promise<number>((resolve) => socket.addEventListener('close', ({ code }) => resolve(code)))
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener('open', () => resolve())
    socket.addEventListener('error', () => reject(new Error('refused')))
  })
  return { protocol: socket.protocol, messages, closed, socket }
}
const events = ({ messages }: Opened) => messages.map((message) => JSON.parse(String(message)))
const configMaps = () => `namespaces/${namespace}/configmaps?watch=true`

test('a watch sends one event per message, whatever its client sends', async () => {
  const watch = await open(configMaps(), { protocols: ['base64.binary.k8s.io'] })
  expect(watch.protocol).toBe('base64.binary.k8s.io')
  const name = uniqueName('made')
  const made = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { a: 'x'.repeat(200_000) } }
  const last = (type: string) => ({ type, object: { metadata: { name } } })
  expect((await credential.run(['create', '-f', '-'], JSON.stringify(made))).code).toBe(0)
  await vi.waitFor(() => expect(events(watch).at(-1)).toMatchObject(last('ADDED')), 30_000)
  watch.socket.send('x'.repeat(100_000))
  expect((await credential.run(['delete', 'configmap', name])).code).toBe(0)
  await vi.waitFor(() => expect(events(watch).at(-1)).toMatchObject(last('DELETED')), 30_000)
  watch.socket.close()
  await watch.closed
})

test('a watch in protobuf sends one object per message, without a length prefix', async () => {
  const watch = await open(configMaps(), { accept: 'application/vnd.kubernetes.protobuf' })
  await vi.waitFor(() => expect(watch.messages.length).toBeGreaterThan(0), 30_000)
  for (const message of watch.messages) {
    expect(Buffer.isBuffer(message)).toBe(true)
    expect(message.toString('latin1', 2, 7)).toBe('ADDED')
  }
  watch.socket.close()
})

test('a watch of namespaces shows the person’s own, and their changes', async () => {
  const version = JSON.parse((await credential.run(['get', '--raw', '/api/v1/namespaces'])).out).metadata
    .resourceVersion
  const watch = await open(`namespaces?watch=true&resourceVersion=${version}`)
  const grant = await fixture.grant(others.id, owner, 'viewer')
  const about = (type: string) => ({ type, object: { metadata: { name: others.namespace } } })
  await vi.waitFor(() => expect(events(watch).at(-1)).toMatchObject(about('ADDED')), 30_000)
  await fixture.sql('UPDATE space_grant SET removed_at = now() WHERE id = $1', [grant])
  await vi.waitFor(() => expect(events(watch).at(-1)).toMatchObject(about('DELETED')), 30_000)
  watch.socket.close()
})

describe.each([
  ['base64.binary.k8s.io', (messages: Opened['messages']) => Buffer.from(messages.map(String).join(''), 'base64')],
  ['binary.k8s.io', (messages: Opened['messages']) => Buffer.concat(messages.map((one) => Buffer.from(one)))],
])('a log by %s', (protocol, read) => {
  test('is what the container wrote', async () => {
    const path = `/api/v1/namespaces/${namespace}/pods/one/log`
    const expected = (await credential.run(['get', '--raw', path])).out
    const log = await open(`namespaces/${namespace}/pods/one/log`, { protocols: [protocol] })
    expect(log.protocol).toBe(protocol)
    expect(await log.closed).toBe(1000)
    expect(log.messages[0]?.length ?? (log.messages[0] as Buffer)?.byteLength).toBe(0)
    expect(read(log.messages).toString()).toBe(expected)
  })
})

test('a watch is cut once its credential is revoked, with an event that says why', async () => {
  const own = await fixture.credential(owner, { namespace })
  const watch = await open(configMaps(), { token: own.token })
  await fixture.sql('UPDATE credential SET revoked_at = now() WHERE id = $1', [own.id])
  expect(await watch.closed).toBe(1000)
  expect(events(watch).at(-1)).toMatchObject({ type: 'ERROR', object: { code: 401 } })
})

test('requests refused without WebSocket are refused with it', async () => {
  await expect(open(configMaps(), { token: '' })).rejects.toThrow('refused')
  await expect(open(`namespaces/${others.namespace}/configmaps?watch=true`)).rejects.toThrow('refused')
  await expect(open(`namespaces/${others.namespace}/pods/one/log`)).rejects.toThrow('refused')
  const bearer = `base64url.bearer.authorization.k8s.io.${Buffer.from(credential.token).toString('base64url')}`
  await expect(open(configMaps(), { token: '', protocols: [bearer, 'base64.binary.k8s.io'] })).rejects.toThrow(
    'refused',
  )
  await vi.waitFor(async () => {
    const rows = await fixture.sql(`SELECT reason FROM audit_event WHERE namespace = $1 AND outcome = 'refused'`, [
      others.namespace,
    ])
    expect(rows.map((row) => row.reason)).toContain('no_access')
  }, 30_000)
})

test('reading secrets is in the trail', async () => {
  const watch = await open(`namespaces/${namespace}/secrets?watch=true`)
  await vi.waitFor(async () => {
    const rows = await fixture.sql(
      `SELECT action FROM audit_event WHERE action = 'kubectl.watch' AND intent_id IS NULL AND target_kind = 'secrets' AND detail ->> 'credential' = $1`,
      [credential.id],
    )
    expect(rows).toHaveLength(1)
  }, 30_000)
  watch.socket.close()
})
