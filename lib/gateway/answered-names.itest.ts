import { gunzipSync } from 'node:zlib'
import { Agent } from 'undici'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { openGatewayFixture } from '#dev/testing/fixtures/gateway-fixture.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'

type Fixture = Awaited<ReturnType<typeof openGatewayFixture>>

let fixture: Fixture
let namespace: string
let credential: Awaited<ReturnType<Fixture['credential']>>
let agent: Agent

beforeAll(async () => {
  fixture = await openGatewayFixture()
  const owner = await fixture.person('owner')
  namespace = (await fixture.space(owner)).namespace
  credential = await fixture.credential(owner, { namespace })
  agent = new Agent({ connect: { ca: fixture.ca } })
})
afterAll(async () => {
  await agent?.close()
  await fixture?.close()
})

type TestRequest = { body?: string | Buffer | null; type?: string; accept?: string }

async function ask(
  method: string,
  path: string,
  { body, type = 'application/json', accept = '*/*' }: TestRequest = {},
) {
  const answer = await agent.request({
    origin: `https://127.0.0.1:${fixture.port}`,
    path: `/clusters/default/api/v1/namespaces/${namespace}/${path}`,
    method: method as 'POST',
    headers: {
      authorization: `Bearer ${credential.token}`,
      accept,
      'accept-encoding': 'gzip',
      ...(body && { 'content-type': type }),
    },
    ...(body && { body }),
  })
  const bytes = Buffer.from(await answer.body.arrayBuffer())
  const plain = answer.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes
  const requestId = String(answer.headers['x-request-id'])
  return { status: answer.statusCode, type: answer.headers['content-type'], text: plain.toString('utf8'), requestId }
}

const isDry = (row: Record<string, unknown> | undefined) => /"dryRun":true/.test(JSON.stringify(row?.detail))
const rowsOf = (requestId: string) =>
  fixture.sql(
    `SELECT action, target_name, outcome::text, intent_id IS NOT NULL AS answered, detail FROM audit_event
     WHERE request_id = $1 ORDER BY seq`,
    [requestId],
  )

const configMap = (metadata: object, data: object = {}) =>
  JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', data, metadata })
const table = 'application/json;as=Table;v=v1;g=meta.k8s.io'
const protobuf = 'application/vnd.kubernetes.protobuf'

test.each([
  ['YAML', 'application/yaml', {}],
  ['a Table', table, {}],
  ['a Table without objects', `${table}`, {}, '?includeObject=None'],
  ['a Table with whole objects', table, {}, '?includeObject=Object'],
  ['a Table in YAML', 'application/yaml;as=Table;v=v1;g=meta.k8s.io', {}],
  ['protobuf', protobuf, {}],
  ['metadata alone', 'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io', {}],
  ['JSON that would be compressed', 'application/json', { large: 'x'.repeat(200_000) }],
  ['large JSON', 'application/json', { large: 'x'.repeat(900_000) }],
  ['large YAML', 'application/yaml', { large: 'x y\n'.repeat(200_000) }],
  ['large protobuf', protobuf, { large: 'x'.repeat(900_000) }],
])(
  'the trail names objects created under a generated name, with an answer in %s',
  async (_, accept, data, query = '') => {
    const prefix = `${uniqueName('made')}-`
    const body = configMap({ generateName: prefix }, data)
    const { status, requestId, text } = await ask('POST', `configmaps${query}`, { body, accept })
    expect(status, text.slice(0, 300)).toBe(201)
    const rows = await rowsOf(requestId)
    const made = expect.stringMatching(new RegExp(`^${prefix}[a-z0-9]{5}$`))
    expect(rows.map((row) => row.target_name)).toEqual([`${prefix}…`, made])
    const there = await ask('GET', `configmaps/${rows[1]?.target_name}`)
    expect(there.status).toBe(200)
  },
)

test('the intent names large objects too; YAML objects are named once they are created', async () => {
  const [one, other] = [uniqueName('large'), uniqueName('yaml')]
  const large = await ask('POST', 'configmaps', { body: configMap({ name: one }, { a: 'x'.repeat(900_000) }) })
  expect((await rowsOf(large.requestId)).map((row) => row.target_name)).toEqual([one, one])
  const body = `kind: ConfigMap\napiVersion: v1\nmetadata:\n  name: ${other}\n`
  const inYaml = await ask('POST', 'configmaps', { body, type: 'application/yaml', accept: 'application/yaml' })
  expect(inYaml.status, inYaml.text).toBe(201)
  expect((await rowsOf(inYaml.requestId)).map((row) => row.target_name)).toEqual([null, other])
})

const content = 'aHVudGVyMg=='
const makeSecret = async (labels: object = {}) => {
  const name = uniqueName('key')
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name, labels }, data: { a: content } }
  expect((await ask('POST', 'secrets', { body: JSON.stringify(secret) })).status).toBe(201)
  return name
}
async function readingOf(requestId: string) {
  const rows = await vi.waitFor(async () => {
    const found = await rowsOf(requestId)
    expect(found.filter((row) => row.answered)).toHaveLength(1)
    const readings = found.filter((row) => row.action === 'kubectl.get' || row.action === 'kubectl.list')
    expect(readings).toHaveLength(1)
    return readings
  }, 30_000)
  return rows[0]
}
const merge = 'application/merge-patch+json'
const apply = 'application/apply-patch+yaml'
const background = '{"dryRun":["All"],"propagationPolicy":"Foreground"}'

test.each<[what: string, method: string, query: string, asked: TestRequest, dryRun: boolean]>([
  ['an empty patch', 'PATCH', '', { body: '{}', type: merge }, false],
  ['a patch', 'PATCH', '', { body: '{"metadata":{"labels":{"x":"y"}}}', type: merge }, false],
  ['a dry run of a patch', 'PATCH', '?dryRun=All', { body: '{}', type: merge }, true],
  ['a dry run of an apply', 'PATCH', '?dryRun=All&fieldManager=me', { body: 'metadata: {}', type: apply }, true],
  ['a dry run of a deletion', 'DELETE', '?dryRun=All&propagationPolicy=Foreground', {}, true],
  ['a dry run in a deletion’s body', 'DELETE', '', { body: background }, true],
  ['a deletion that waits', 'DELETE', '?propagationPolicy=Foreground', {}, false],
])('%s of a secret shows it, so the trail records a read', async (_, method, query, asked, dryRun) => {
  const name = await makeSecret()
  const body = asked.type === apply ? `{"apiVersion":"v1","kind":"Secret","metadata":{"name":"${name}"}}` : asked.body
  const encodings = dryRun ? ['application/yaml', 'application/json'] : ['application/json']
  for (const [at, accept] of encodings.entries()) {
    const answer = await ask(method, `secrets/${name}${query}`, { ...asked, body: body ?? null, accept })
    expect(answer.text).toContain(content)
    const [intent] = await rowsOf(answer.requestId)
    expect(isDry(intent)).toBe(dryRun)
    // Repeats within a minute are only counted.
    if (at > 0) continue
    const reading = await readingOf(answer.requestId)
    expect(reading).toMatchObject({ action: 'kubectl.get', target_name: name, outcome: 'ok' })
    expect(reading?.detail).toMatchObject({ verb: method.toLowerCase(), code: 200 })
    expect(isDry(reading)).toBe(dryRun)
  }
})

test.each([
  ['JSON', 'application/json', true],
  ['protobuf', protobuf, true],
  ['YAML', 'application/yaml', true],
  ['a Table', table, true],
  ['JSON, for real', 'application/json', false],
])(
  'the trail names the secrets that a deletion of several shows, with an answer in %s',
  async (what, accept, dryRun) => {
    const label = `of-${what.length}-${Date.now()}`
    const names = (await Promise.all([makeSecret({ a: label }), makeSecret({ a: label })])).sort()
    const query = `?labelSelector=a%3D${label}${dryRun ? '&dryRun=All' : ''}`
    const answer = await ask('DELETE', `secrets${query}`, { accept })
    expect(answer.status, answer.text).toBe(200)
    const reading = await readingOf(answer.requestId)
    expect(reading).toMatchObject({ action: 'kubectl.list', target_name: null, outcome: 'ok' })
    expect(reading?.detail).toMatchObject({ verb: 'deletecollection', names, count: 2 })
    expect(isDry(reading)).toBe(dryRun)
  },
)

test('changes that show no part of a secret are not recorded as reads', async () => {
  const name = await makeSecret()
  const own = JSON.stringify({ apiVersion: 'v1', kind: 'Secret', metadata: { name }, data: { b: 'bWluZQ==' } })
  const answers = [
    await ask('DELETE', `secrets/${name}?dryRun=All`),
    await ask('PUT', `secrets/${name}?dryRun=All`, { body: own }),
    await ask('POST', 'secrets?dryRun=All', { body: own }),
    await ask('DELETE', 'secrets?labelSelector=none%3Dnone'),
    await ask('DELETE', `secrets/${name}`),
  ]
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 409, 200, 200])
  // Rows about answers are written in the order of the answers.
  const last = await ask('PATCH', `secrets/${await makeSecret()}`, { body: '{}', type: merge })
  await readingOf(last.requestId)
  for (const { text, requestId } of answers) {
    expect(text).not.toContain(content)
    expect((await rowsOf(requestId)).map((row) => row.action)).not.toContain('kubectl.get')
  }
})
