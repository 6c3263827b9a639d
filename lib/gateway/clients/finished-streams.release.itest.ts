import { readdirSync } from 'node:fs'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { openGatewayFixture } from '#dev/testing/fixtures/gateway-fixture.ts'
import { type ExecProtocol, rawExec } from '#dev/testing/network/raw-exec.ts'

let fixture: Awaited<ReturnType<typeof openGatewayFixture>>
type Credential = Awaited<ReturnType<typeof fixture.credential>>
let namespace: string
/** One per test: together they make more changes in a minute than one person may. */
const credentials: Credential[] = []
let credential: Credential

beforeAll(async () => {
  fixture = await openGatewayFixture()
  const owner = await fixture.person('owner')
  const members = await Promise.all(Array.from({ length: 8 }, (_, at) => fixture.person(`member-${at}`)))
  const space = await fixture.space(
    owner,
    members.map((member) => ({ member, role: 'admin' })),
  )
  namespace = space.namespace
  credential = await fixture.credential(owner, { namespace })
  await fixture.runPod(namespace, credential)
  credentials.push(...(await Promise.all(members.map((member) => fixture.credential(member, { namespace })))))
})
beforeEach(() => {
  credential = credentials.pop() ?? credential
})
afterAll(() => fixture?.close())

function exec(protocol: ExecProtocol, query: string, input?: Buffer): Promise<string> {
  const path = `/clusters/default/api/v1/namespaces/${namespace}/pods/one/exec?${query}`
  return rawExec(protocol, { port: fixture.port, ca: fixture.ca, token: credential.token, path }, input)
}

/** @returns the results of `count` calls, at most `atOnce` of them at a time */
async function many<T>(count: number, atOnce: number, call: () => Promise<T>): Promise<T[]> {
  const results: T[] = []
  let left = count
  const runner = async () => {
    while (left-- > 0) results.push(await call())
  }
  await Promise.all(Array.from({ length: atOnce }, runner))
  return results
}

const sockets = () =>
  process.getActiveResourcesInfo().filter((kind) => /TLSWrap|TCPSocketWrap|TCPWrap/.test(kind)).length
const descriptors = () => readdirSync('/proc/self/fd').length
const succeeded = '"status":"Success"'

test.each(['websocket', 'spdy'] as const)(
  'sixty finished execs leak no slot, socket or descriptor: %s',
  async (protocol) => {
    expect(await exec(protocol, 'command=true&stdout=true')).toContain(succeeded)
    await vi.waitFor(() => expect(sockets()).toBeLessThan(30), 90_000)
    const before = { sockets: sockets(), descriptors: descriptors() }
    const statuses = await many(60, 8, () => exec(protocol, 'command=true&stdout=true'))
    expect(statuses.filter((status) => !status.includes(succeeded))).toEqual([])
    // Pools of connections to Postgres and the API server may have grown by a few.
    await vi.waitFor(() => expect(sockets()).toBeLessThan(before.sockets + 20), 30_000)
    expect(descriptors()).toBeLessThan(before.descriptors + 20)
  },
)

test.each(['websocket', 'spdy'] as const)(
  'a command that ends before reading all its input still succeeds: %s',
  async (protocol) => {
    const input = Buffer.alloc(8 * 1024 * 1024)
    const statuses = await many(12, 4, () => exec(protocol, 'command=true&stdin=true&stdout=true', input))
    expect(statuses.filter((status) => !status.includes(succeeded))).toEqual([])
  },
)

test.each(['true', 'false'])('kubectl agrees (WebSocket: %s)', async (webSocket) => {
  const env = { KUBECTL_REMOTE_COMMAND_WEBSOCKETS: webSocket }
  const input = 'x'.repeat(8 * 1024 * 1024)
  for (let round = 0; round < 3; round++) {
    const { code, all } = await credential.run(['exec', '-i', 'one', '--', 'true'], input, env)
    expect(code, all).toBe(0)
  }
})

test('a finished stream is not recorded as cut by a later revocation', async () => {
  // The API server closes the last ones within a second of their commands.
  const metrics = async () => (await fetch(`${fixture.adminUrl}/metrics`)).text()
  await expect.poll(metrics).toMatch(/^spaceport_gateway_open_streams 0$/m)
  await fixture.sql(
    'UPDATE credential SET revoked_at = now() WHERE user_id IN (SELECT user_id FROM space_grant WHERE space_id = (SELECT id FROM space WHERE namespace = $1))',
    [namespace],
  )
  await vi.waitFor(async () => expect((await credential.run(['get', 'pods'])).all).toContain('revoked'), 30_000)
  const cut = await fixture.sql(`SELECT action FROM audit_event WHERE namespace = $1 AND detail ->> 'cut' = 'true'`, [
    namespace,
  ])
  expect(cut).toEqual([])
})
