import { once } from 'node:events'
import https from 'node:https'
import { Agent } from 'undici'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { openGatewayFixture } from '#dev/testing/fixtures/gateway-fixture.ts'
import { rawExec } from '#dev/testing/network/raw-exec.ts'

type Fixture = Awaited<ReturnType<typeof openGatewayFixture>>

let fixture: Fixture
let owner: Awaited<ReturnType<Fixture['person']>>
let credential: Awaited<ReturnType<Fixture['credential']>>
let namespace: string

beforeAll(async () => {
  fixture = await openGatewayFixture()
  owner = await fixture.person('owner')
  namespace = (await fixture.space(owner)).namespace
  credential = await fixture.credential(owner, { namespace })
  await fixture.runPod(namespace, credential)
})
afterAll(() => fixture?.close())

const rows = (action: string, of = credential) =>
  fixture.sql(
    `SELECT target_name, outcome::text, detail FROM audit_event
     WHERE action = $1 AND detail ->> 'credential' = $2 ORDER BY seq`,
    [action, of.id],
  )
const exec = (port: number, query: string) =>
  rawExec('websocket', {
    port,
    ca: fixture.ca,
    token: credential.token,
    path: `/clusters/default/api/v1/namespaces/${namespace}/pods/one/exec?${query}`,
  })

const reads = async (action: string) => {
  const all = await rows(action)
  return {
    intents: all.filter(({ outcome }) => outcome === null),
    outcomes: all.filter(({ outcome }) => outcome !== null),
  }
}

test('reads of secrets are recorded, once a minute for the same one', async () => {
  await fixture.asAdmin(['-n', namespace, 'create', 'secret', 'generic', 'key', '--from-literal=a=very-secret'])
  for (let round = 0; round < 3; round++) await credential.run(['get', 'secret', 'key'])
  await credential.run(['get', 'secrets', '-l', 'a=b'])
  await credential.run(['get', 'configmaps'])
  await vi.waitFor(async () => expect((await reads('kubectl.list')).outcomes).toHaveLength(1), 30_000)
  expect(await reads('kubectl.get')).toEqual({
    intents: [expect.objectContaining({ target_name: 'key' })],
    outcomes: [{ target_name: 'key', outcome: 'ok', detail: expect.objectContaining({ code: 200 }) }],
  })
  expect((await reads('kubectl.list')).outcomes).toEqual([
    { target_name: null, outcome: 'ok', detail: expect.objectContaining({ labelSelector: 'a=b' }) },
  ])
  expect(JSON.stringify(await fixture.sql('SELECT * FROM audit_event'))).not.toContain('very-secret')
})

test('reads of logs are recorded', async () => {
  const other = await fixture.credential(owner, { namespace })
  expect((await other.run(['logs', 'one'])).code).toBe(0)
  await vi.waitFor(
    async () =>
      expect(
        await fixture.sql(
          `SELECT action, target_name, outcome::text FROM audit_event WHERE target_kind = 'pods/log' AND detail ->> 'credential' = $1 ORDER BY seq`,
          [other.id],
        ),
      ).toEqual([
        { action: 'kubectl.get', target_name: 'one', outcome: null },
        { action: 'kubectl.get', target_name: 'one', outcome: 'ok' },
      ]),
    30_000,
  )
})

test('a secret that can’t be recorded first is not read; anything else is', async () => {
  await fixture.asAdmin(['-n', namespace, 'create', 'secret', 'generic', 'unread', '--from-literal=a=b'])
  await fixture.sql(`CREATE FUNCTION refuse_reads() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN IF NEW.target_name = 'unread' THEN RAISE 'not now' USING ERRCODE = '57P03'; END IF; RETURN NEW; END $$`)
  await fixture.sql(
    'CREATE TRIGGER refuse_reads BEFORE INSERT ON audit_event FOR EACH ROW EXECUTE FUNCTION refuse_reads()',
  )
  try {
    const answer = await credential.run(['get', 'secret', 'unread', '-o', 'name'])
    expect(answer.code).not.toBe(0)
    expect(answer.all).toContain('the audit trail can’t be written right now')
    expect((await credential.run(['get', 'pods'])).code).toBe(0)
  } finally {
    await fixture.sql('DROP TRIGGER refuse_reads ON audit_event')
    await fixture.sql('DROP FUNCTION refuse_reads')
  }
  expect((await credential.run(['get', 'secret', 'unread', '-o', 'name'])).out).toBe('secret/unread\n')
})

test('the trail has each command run in a container, its duration and its bytes each way', async () => {
  const before = (await rows('kubectl.stream-end')).length
  expect(
    await exec(fixture.port, 'container=main&command=echo&command=a%0ab&command=spt_0123456789abc&stdout=1'),
  ).toContain('Success')
  await vi.waitFor(async () => expect(await rows('kubectl.stream-end')).toHaveLength(before + 1), 30_000)
  const [begun] = (await rows('kubectl.exec')).slice(-1)
  expect(begun?.detail).toMatchObject({ container: 'main', command: ['echo', 'a\ufffdb', '[removed]'] })
  const [ended] = (await rows('kubectl.stream-end')).slice(-1)
  expect(ended).toMatchObject({
    target_name: 'one',
    outcome: 'ok',
    detail: {
      stream: 'kubectl.exec',
      seconds: expect.any(Number),
      bytesToPod: expect.any(Number),
      bytesFromPod: expect.any(Number),
      intent: expect.stringMatching(/^[-0-9a-f]{36}$/),
    },
  })
})

test('the arguments of commands are left out if the operator chooses so', async () => {
  const gateway = await fixture.start({ GATEWAY_TRAIL_COMMANDS: 'off' })
  expect(await exec(gateway.port, 'command=echo&command=password&stdout=1')).toContain('Success')
  await gateway.stop()
  const [begun] = (await rows('kubectl.exec')).slice(-1)
  expect(JSON.stringify(begun)).not.toContain('password')
})

test('one person’s changes are throttled before they flood the trail, with a Retry-After that clients honour', async () => {
  const hasty = await fixture.person('hasty')
  const own = await fixture.space(hasty)
  const one = await fixture.credential(hasty, { namespace: own.namespace })
  const pool = new Agent({ connect: { ca: fixture.ca }, connections: 32 })
  const patch = async () => {
    const answer = await pool.request({
      origin: `https://127.0.0.1:${fixture.port}`,
      path: `/clusters/default/api/v1/namespaces/${own.namespace}/configmaps/none`,
      method: 'PATCH',
      headers: { authorization: `Bearer ${one.token}`, 'content-type': 'application/merge-patch+json' },
      body: '{}',
    })
    await answer.body.dump()
    return { status: answer.statusCode, retryAfter: answer.headers['retry-after'] }
  }
  const refused: unknown[] = []
  for (let sent = 0; sent < 6_000 && refused.length === 0; sent += 32)
    for (const answer of await Promise.all(Array.from({ length: 32 }, patch)))
      if (answer.status === 429) refused.push(answer)
  expect(refused[0]).toEqual({ status: 429, retryAfter: '1' })
  await pool.close()
  expect((await credential.run(['get', 'pods'])).code).toBe(0)
  expect((await one.run(['create', 'configmap', 'patient'])).code).toBe(0)
})

test('unauthenticated callers from everywhere write a limited number of rows', async () => {
  const gateway = await fixture.start()
  const ask = async (last: number) => {
    const request = https.get({
      host: '127.0.0.1',
      port: gateway.port,
      ca: fixture.ca,
      agent: false,
      localAddress: `127.1.1.${last}`,
      path: '/clusters/default/version',
    })
    request.on('error', () => {})
    const [response] = await once(request, 'response')
    response.resume()
    return response.statusCode
  }
  for (let at = 0; at < 200; at += 20)
    for (const status of await Promise.all(Array.from({ length: 20 }, (_, more) => ask(1 + at + more))))
      expect(status).toBe(401)
  await gateway.stop()
  const [row] = await fixture.sql(
    `SELECT count(*)::int AS rows, sum(COALESCE((detail ->> 'repeated')::int, 1))::int AS refusals
     FROM audit_event WHERE actor_kind = 'anonymous'`,
  )
  // One row for each of the first 120; for all others together, one at once and one with their count.
  expect(row).toEqual({ rows: 122, refusals: 200 })
})
