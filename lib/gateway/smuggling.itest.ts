import { once } from 'node:events'
import tls from 'node:tls'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openGatewayFixture } from '#dev/testing/fixtures/gateway-fixture.ts'

type Fixture = Awaited<ReturnType<typeof openGatewayFixture>>

let fixture: Fixture
let person: Awaited<ReturnType<Fixture['person']>>
let token: string
let handle: string
let namespace: string

beforeAll(async () => {
  fixture = await openGatewayFixture()
  person = await fixture.person('mallory')
  handle = person.handle
  namespace = (await fixture.space(person)).namespace
  token = (await fixture.credential(person)).token
})
afterAll(() => fixture?.close())

/**
 * Sends raw bytes and returns everything that comes back until the connection ends.
 * @param then sent after the first answer
 */
async function send(bytes: string, then?: string): Promise<string> {
  const socket = tls.connect({ host: '127.0.0.1', port: fixture.port, ca: fixture.ca })
  let answer = ''
  socket.on('data', (chunk) => {
    answer += chunk.toString('latin1')
  })
  socket.on('error', () => {})
  if (then !== undefined) socket.once('data', () => socket.write(then, 'latin1'))
  await once(socket, 'secureConnect')
  socket.write(bytes, 'latin1')
  await new Promise((resolve) => socket.on('close', resolve))
  return answer
}

/**
 * The same where the gateway keeps the connection open: one more request ends it, and its answer is left out. Answers
 * come in the order of requests, so anything else read as a request would be answered before it.
 */
async function sendAndLeave(bytes: string, then?: string): Promise<string> {
  const end = head(`GET ${version} HTTP/1.1`, 'Connection: close')
  const answer = await (then === undefined ? send(bytes + end) : send(bytes, then + end))
  const last = answer.lastIndexOf('HTTP/1.1 200')
  expect(last, answer).toBeGreaterThan(0)
  return answer.slice(0, last)
}
const statuses = (answer: string) => [...answer.matchAll(/HTTP\/1\.1 (\d{3})/g)].map((match) => Number(match[1]))
const head = (line: string, ...fields: string[]) =>
  [line, 'Host: gateway', `Authorization: Bearer ${token}`, ...fields, '', ''].join('\r\n')
const version = '/clusters/default/version'
const configMaps = () => `/clusters/default/api/v1/namespaces/${namespace}/configmaps`
const hidden = `GET ${version}?hidden HTTP/1.1\r\nHost: x\r\n\r\n`

test('a plain request is answered', async () => {
  expect(statuses(await sendAndLeave(head(`GET ${version} HTTP/1.1`)))).toEqual([200])
})

test('an answer without a turn ends its connection', async () => {
  expect(statuses(await send(head(`GET ${version} HTTP/1.1`, 'Expect: an-answer')))).toEqual([417])
  expect(statuses(await send(head(`GET ${version} HTTP/1.1`), 'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n'))).toEqual([
    200, 200,
  ])
})

test('a connection that sends many requests before their answers is closed', async () => {
  expect(statuses(await send(head(`GET ${version} HTTP/1.1`).repeat(100))).length).toBeLessThan(33)
})

describe('a second request cannot be smuggled in', () => {
  test.each([
    [
      'Content-Length and Transfer-Encoding',
      () => `${head(`POST ${version} HTTP/1.1`, 'Content-Length: 4', 'Transfer-Encoding: chunked')}0\r\n\r\n${hidden}`,
    ],
    [
      'two Content-Lengths',
      () => head(`POST ${version} HTTP/1.1`, 'Content-Length: 0', `Content-Length: ${hidden.length}`) + hidden,
    ],
    ['two equal Content-Lengths', () => head(`POST ${version} HTTP/1.1`, 'Content-Length: 0', 'Content-Length: 0')],
    ['Content-Length with a sign', () => head(`POST ${version} HTTP/1.1`, 'Content-Length: +0') + hidden],
    ['Content-Length as a list', () => head(`POST ${version} HTTP/1.1`, 'Content-Length: 0, 0') + hidden],
    [
      'Transfer-Encoding that does not end in chunked',
      () => head(`POST ${version} HTTP/1.1`, 'Transfer-Encoding: chunked, identity') + hidden,
    ],
    [
      'Transfer-Encoding that is chunked twice',
      () => head(`POST ${version} HTTP/1.1`, 'Transfer-Encoding: chunked, chunked') + hidden,
    ],
    [
      'Transfer-Encoding with a parameter',
      () => head(`POST ${version} HTTP/1.1`, 'Transfer-Encoding: chunked;q=1') + hidden,
    ],
    [
      'Transfer-Encoding with an unknown coding before chunked',
      () => `${head(`POST ${configMaps()} HTTP/1.1`, 'Transfer-Encoding: x, chunked')}0\r\n\r\n${hidden}`,
    ],
    [
      'Transfer-Encoding in two fields',
      () =>
        `${head(`POST ${configMaps()} HTTP/1.1`, 'Transfer-Encoding: x', 'Transfer-Encoding: chunked')}0\r\n\r\n${hidden}`,
    ],
    ['HTTP/2.0 in the request line', () => head(`GET ${version} HTTP/2.0`) + hidden],
    ['HTTP/0.9 in the request line', () => head(`GET ${version} HTTP/0.9`) + hidden],
    ['Transfer-Encoding: identity', () => head(`POST ${version} HTTP/1.1`, 'Transfer-Encoding: identity') + hidden],
    ['an empty Content-Length', () => head(`POST ${version} HTTP/1.1`, 'Content-Length:') + hidden],
    ['a hexadecimal Content-Length', () => head(`POST ${version} HTTP/1.1`, 'Content-Length: 0x0') + hidden],
    [
      'an oversized Content-Length',
      () => head(`POST ${version} HTTP/1.1`, 'Content-Length: 99999999999999999999') + hidden,
    ],
    ['space before the colon', () => head(`POST ${version} HTTP/1.1`, 'Transfer-Encoding : chunked') + hidden],
    ['a folded line', () => head(`GET ${version} HTTP/1.1`, 'X-A: b\r\n Impersonate-User: c')],
    ['bare line feeds', () => `GET ${version} HTTP/1.1\nHost: x\nAuthorization: Bearer ${token}\n\n`],
    ['a bare carriage return in a value', () => head(`GET ${version} HTTP/1.1`, 'X-A: b\rImpersonate-User: c')],
    ['a null byte in a value', () => head(`GET ${version} HTTP/1.1`, 'X-A: b\0c')],
    ['no Host', () => `GET ${version} HTTP/1.1\r\nAuthorization: Bearer ${token}\r\n\r\n`],
    ['two Hosts', () => head(`GET ${version} HTTP/1.1`, 'Host: other')],
    ['two credentials', () => head(`GET ${version} HTTP/1.1`, `Authorization: Bearer ${token}`)],
    ['an absolute URL', () => head(`GET https://other${version} HTTP/1.1`)],
    [
      'an oversized chunk size',
      () => `${head(`POST ${version} HTTP/1.1`, 'Transfer-Encoding: chunked')}FFFFFFFFFFFFFFFFF\r\n${hidden}`,
    ],
    [
      'a chunk extension that ends in a bare line feed',
      () => `${head(`POST ${version} HTTP/1.1`, 'Transfer-Encoding: chunked')}1;a\nx\r\n0\r\n\r\n${hidden}`,
    ],
    ['a pseudo header of HTTP/2', () => head(`GET ${version} HTTP/1.1`, ':authority: x')],
    ['the beginning of HTTP/2', () => 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    [
      'an upgrade with a body',
      () => head(`GET ${version} HTTP/1.1`, 'Connection: Upgrade', 'Upgrade: SPDY/3.1') + hidden,
    ],
    ['a wrong chunk size', () => `${head(`POST ${version} HTTP/1.1`, 'Transfer-Encoding: chunked')}zz\r\n${hidden}`],
    ['a body with GET', () => head(`GET ${version} HTTP/1.1`, `Content-Length: ${hidden.length}`) + hidden],
  ])('%s', async (_name, bytes) => {
    const answer = await send(bytes())
    expect(statuses(answer), answer).toEqual([400])
    expect(answer).toContain('"kind":"Status"')
  })

  test('bytes after a refused upgrade are not read as a request', async () => {
    const upgrade = [
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
      'Sec-WebSocket-Version: 13',
    ]
    expect(statuses(await send(head(`GET ${version} HTTP/1.1`, ...upgrade) + hidden))).toEqual([400])
    const exec = `/clusters/default/api/v1/namespaces/${namespace}/pods/missing/exec?command=x`
    expect(statuses(await send(head(`GET ${exec} HTTP/1.1`, ...upgrade) + hidden))).toHaveLength(1)
    expect(
      statuses(await send(head(`POST ${exec} HTTP/1.1`, ...upgrade, `Content-Length: ${hidden.length}`) + hidden)),
    ).toEqual([400])
  })

  test('an upgrade to anything but a stream of the API server is ignored', async () => {
    const fields = ['Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABkAAQAAP__']
    const answer = await send(`${head(`GET ${version} HTTP/1.1`, ...fields)}PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n`)
    expect(statuses(answer), 'and its connection ends').toEqual([200])
  })

  test('each request of a connection is decided by its own credential', async () => {
    const without = `GET ${version} HTTP/1.1\r\nHost: x\r\n\r\n`
    const one = head(`GET ${version} HTTP/1.1`)
    expect(statuses(await sendAndLeave(one, without + one))).toEqual([200, 401, 200])
  })

  test('after a refusal with an unread body, the connection ends', async () => {
    const bytes = `POST ${version} HTTP/1.1\r\nHost: x\r\nContent-Length: ${hidden.length}\r\n\r\n${hidden}`
    expect(statuses(await send(bytes))).toEqual([401])
  })
})

test.each([
  'X-Remote-User: system:admin',
  'Impersonate_User: system:admin',
  'X-Remote-Group: system:masters\r\nX-Remote-Extra-Scopes: x',
  'X-HTTP-Method-Override: GET',
  'Content-Encoding: gzip',
  'Connection: Impersonate-Extra-spaceport.dev%2Femail',
  'Connection: Impersonate-User, Authorization',
  'Connection: close, Audit-ID\r\nAudit-ID: mine',
])('a client cannot become anyone else: %s', async (fields) => {
  const path = '/clusters/default/apis/authentication.k8s.io/v1/selfsubjectreviews'
  const body = JSON.stringify({ apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' })
  const answer = await (/^Connection: close/.test(fields) ? send : sendAndLeave)(
    head(
      `POST ${path} HTTP/1.1`,
      'Content-Type: application/json',
      `Content-Length: ${body.length}`,
      ...fields.split('\r\n'),
    ) + body,
  )
  expect(statuses(answer)).toEqual([201])
  expect(answer).toContain(`"username":"system:serviceaccount:spaceport-users:${handle}"`)
  expect(answer).not.toMatch(/masters|root@|Audit-Id: mine/i)
})

test('a connection stays open only with a valid credential', async () => {
  const without = `GET ${version} HTTP/1.1\r\nHost: x\r\n\r\n`
  expect(statuses(await send(without + without))).toEqual([401])
  expect(statuses(await sendAndLeave(head(`GET ${version} HTTP/1.1`), without + without))).toEqual([200, 401, 401])
})

test.each([
  'Impersonate-User: system:admin',
  'impersonate-user: system:admin\r\nImpersonate-User: system:admin',
  'Impersonate-Group: system:masters',
  'Impersonate-Uid: 1',
  'Impersonate-Extra-spaceport.dev%2Femail: root@example.com',
  'Impersonate-User:\tsystem:admin',
  'Impersonate-User:',
  'IMPERSONATE-ANYTHING: x',
])('a request to impersonate is refused with the reason: %j', async (fields) => {
  const answer = await send(head(`GET ${version} HTTP/1.1`, ...fields.split('\r\n')))
  expect(statuses(answer)).toEqual([403])
  expect(answer).toContain('Spaceport does not allow impersonation')
})

test.each([['--as=system:admin'], ['--as=system:admin', '--as-group=system:masters'], ['--as=somebody', '--as-uid=1']])(
  'kubectl shows the reason: %s %s',
  async (...args) => {
    const credential = await fixture.credential(person, { namespace })
    const { code, all } = await credential.run(['get', 'pods', ...args])
    expect(code).not.toBe(0)
    expect(all).toContain('Spaceport does not allow impersonation')
  },
)

test('a client cannot become anyone else by bytes after its body', async () => {
  const path = '/clusters/default/apis/authentication.k8s.io/v1/selfsubjectreviews'
  const body = JSON.stringify({ apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' })
  const fields = ['Content-Type: application/json', 'Transfer-Encoding: chunked', 'Trailer: Impersonate-User']
  const chunks = `${body.length.toString(16)}\r\n${body}\r\n0\r\nImpersonate-User: system:admin\r\n\r\n`
  const answer = await sendAndLeave(head(`POST ${path} HTTP/1.1`, ...fields) + chunks)
  expect(statuses(answer)).toEqual([201])
  expect(answer).toContain(`"username":"system:serviceaccount:spaceport-users:${handle}"`)
})

test.each([
  [
    'as a subprotocol',
    () =>
      `GET ${version} HTTP/1.1\r\nHost: x\r\nSec-WebSocket-Protocol: base64url.bearer.authorization.k8s.io.${Buffer.from(token).toString('base64url')}\r\n\r\n`,
  ],
  ['in a cookie', () => `GET ${version} HTTP/1.1\r\nHost: x\r\nCookie: token=${token}\r\n\r\n`],
  ['as a password', () => `GET ${version} HTTP/1.1\r\nHost: x\r\nAuthorization: Basic ${btoa(`a:${token}`)}\r\n\r\n`],
  ['beside another', () => `GET ${version} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token},Bearer x\r\n\r\n`],
])('a credential %s is not accepted', async (_where, bytes) => {
  expect(statuses(await send(bytes()))).toEqual([401])
})

test.each([
  ['alone', () => `GET ${version}?access_token=${token} HTTP/1.1\r\nHost: x\r\n\r\n`],
  ['beside a good one', () => head(`GET ${version}?x=1&access%5Ftoken=${token} HTTP/1.1`)],
  ['of a list of namespaces', () => head('GET /clusters/default/api/v1/namespaces?access_token= HTTP/1.1')],
])('a credential in a URL is refused: %s', async (_which, bytes) => {
  const answer = await send(bytes())
  expect(statuses(answer)).toEqual([400])
  expect(answer).toContain('does not belong in a URL')
  expect(answer).not.toContain(token)
})

describe('bytes after a request that are not a request', () => {
  let size: number
  beforeAll(async () => {
    const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'large', namespace } }
    const data = { value: 'x'.repeat(700_000) }
    await fixture.asAdmin(['create', '-f', '-'], JSON.stringify({ ...object, data }))
    size = data.value.length
  })
  const large = () => head(`GET /clusters/default/api/v1/namespaces/${namespace}/configmaps/large HTTP/1.1`)

  test.each([
    ['no HTTP', () => 'nonsense\r\n\r\n'],
    ['a header with a bare carriage return', () => head(`GET ${version} HTTP/1.1`, 'X-A: b\rc')],
    ['an endless header', () => head(`GET ${version} HTTP/1.1`, `X-A: ${'a'.repeat(70_000)}`)],
    ['a body that is broken', () => `${head(`POST ${configMaps()} HTTP/1.1`, 'Transfer-Encoding: chunked')}zz\r\n`],
  ])('are refused after the answer to that request: %s', async (_what, bytes) => {
    const answer = await send(large() + bytes())
    const [first, ...rest] = answer.split(/(?=HTTP\/1\.1 [45]\d\d)/)
    expect(statuses(answer)).toEqual([200, expect.any(Number)])
    expect(rest).toHaveLength(1)
    const body = (first ?? '').slice((first ?? '').indexOf('\r\n\r\n')).replace(/\r\n[0-9a-f]+\r\n/g, '')
    expect(/"value":"(x*)"/.exec(body)?.[1]).toHaveLength(size)
    expect(rest[0]).toContain('"kind":"Status"')
  })

  test('never get into a stream', async () => {
    const path = `/clusters/default/api/v1/namespaces/${namespace}/configmaps?watch=1&timeoutSeconds=1`
    const answer = await send(`${head(`GET ${path} HTTP/1.1`)}nonsense\r\n\r\n`)
    const [stream = '', refusal] = answer.split(/(?=HTTP\/1\.1 400)/)
    expect(statuses(stream)).toEqual([200])
    expect(stream, 'whole, to its end').toMatch(/\r\n0\r\n\r\n$/)
    expect(refusal).toContain('"kind":"Status"')
  })
})

test('HTTP/1.0 with Transfer-Encoding is refused, and its connection ends', async () => {
  const body = JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'by-http-1-0' } })
  const chunks = `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`
  const fields = ['Content-Type: application/json', 'Transfer-Encoding: chunked', 'Connection: keep-alive']
  const answer = await send(head(`POST ${configMaps()} HTTP/1.0`, ...fields) + chunks + hidden)
  expect(statuses(answer)).toEqual([400])
  expect(answer).toMatch(/^Connection: close\r$/im)
  expect(statuses(await send(head(`GET ${version} HTTP/1.0`)))).toEqual([200])
})

test.each(['GET', 'PUT', 'DELETE'])('no path leads outside a person’s spaces: %s', async (method) => {
  const inside = `/clusters/default/api/v1/namespaces/${namespace}`
  for (const path of [
    `${inside}/../kube-system/secrets`,
    `${inside}/%2e%2e/kube-system/secrets`,
    `${inside}//secrets`,
    `${inside}/..%2fkube-system`,
    `${inside}\\..\\kube-system`,
    `/clusters/default/../default/api`,
  ])
    expect(statuses(await send(head(`${method} ${path} HTTP/1.1`))), path).toEqual([400])
})

describe('a query with more parameters than the API server reads', () => {
  // Go refuses more than 10,000, and the API server then continues with none.
  const flood = '&a'.repeat(10_001)

  test('shows no one other people’s namespaces', async () => {
    for (const query of [`a${flood}`, `limit=500${flood}`, `labelSelector=x${flood}`]) {
      const answer = await send(head(`GET /clusters/default/api/v1/namespaces?${query} HTTP/1.1`))
      expect(statuses(answer), query.slice(0, 20)).toEqual([400])
      expect(answer).not.toContain('kube-system')
    }
  })

  test('makes no change recorded as a dry run', async () => {
    const body = JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'flooded' } })
    const path = `/clusters/default/api/v1/namespaces/${namespace}/configmaps`
    const fields = ['Content-Type: application/json', `Content-Length: ${body.length}`]
    const answer = await send(head(`POST ${path}?dryRun=All${flood} HTTP/1.1`, ...fields) + body)
    expect(statuses(answer)).toEqual([400])
    expect(statuses(await sendAndLeave(head(`GET ${path}/flooded HTTP/1.1`)))).toEqual([404])
  })
})

test('huge bodies and headers are refused with a Status', async () => {
  const large = await send(head(`POST ${configMaps()} HTTP/1.1`, 'Content-Length: 9999999'))
  expect(statuses(large)).toEqual([413])
  expect(large).toContain('"reason":"RequestEntityTooLarge"')
  for (const length of [70_000, 200_000, 2_000_000])
    expect(statuses(await send(head(`GET ${version} HTTP/1.1`, `X-A: ${'a'.repeat(length)}`)))).toEqual([431])
  expect(statuses(await send(head(`GET ${version} HTTP/1.1`, ...Array<string>(150).fill('X-A: b'))))).toEqual([431])
})

test('another cluster, another method, and no credential are refused', async () => {
  expect(statuses(await send(head('GET /clusters/other/version HTTP/1.1')))).toEqual([404])
  expect(statuses(await send(head(`OPTIONS ${version} HTTP/1.1`)))).toEqual([405])
  expect(statuses(await send(`GET ${version} HTTP/1.1\r\nHost: x\r\n\r\n`))).toEqual([401])
})

describe('a client that waits for a 100 before it sends its body', () => {
  const object = () => JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { generateName: 'asked-' } })
  const post = (credential: string, ...fields: string[]) =>
    [
      `POST ${configMaps()} HTTP/1.1`,
      'Host: x',
      `Authorization: Bearer ${credential}`,
      'Expect: 100-continue',
      ...fields,
    ]
      .concat('', '')
      .join('\r\n')

  test('gets it once its credential is known', async () => {
    const fields = ['Content-Type: application/json', `Content-Length: ${object().length}`, 'Connection: close']
    expect(statuses(await send(post(token, ...fields), object()))).toEqual([100, 201])
  })

  test.each([
    ['a stranger', 401, () => post(`spt_${'a'.repeat(43)}`, `Content-Length: ${2 * 1024 * 1024}`)],
    ['a body without an end, of a stranger', 401, () => post('none', 'Transfer-Encoding: chunked')],
    ['a person without a role there', 403, () => post(token, 'Content-Length: 9').replaceAll(namespace, 'default')],
    ['a body that is too large', 413, () => post(token, `Content-Length: ${4 * 1024 * 1024}`)],
  ])('%s is refused instead, and no body is read', async (_, status, bytes) => {
    expect(statuses(await send(bytes()))).toEqual([status])
  })
})

test('an unauthenticated upload is refused before most of it has arrived', async () => {
  const socket = tls.connect({ host: '127.0.0.1', port: fixture.port, ca: fixture.ca })
  let answer = ''
  socket.on('data', (chunk) => {
    answer += chunk.toString('latin1')
  })
  socket.on('error', () => {})
  await once(socket, 'secureConnect')
  const megabyte = 1024 * 1024
  socket.write(`POST ${configMaps()} HTTP/1.1\r\nHost: x\r\nContent-Length: ${64 * megabyte}\r\n\r\n`)
  const piece = Buffer.alloc(16 * 1024, 'x')
  let sent = 0
  while (!socket.destroyed && socket.writable && sent < 64 * megabyte) {
    sent += piece.length
    if (!socket.write(piece)) await Promise.race([once(socket, 'drain'), once(socket, 'close')]).catch(() => {})
    await new Promise((resolve) => setImmediate(resolve))
  }
  expect(statuses(answer)).toEqual([401])
  expect(sent).toBeLessThan(32 * megabyte)
})

test('after too many failures a client gets a 429, while a valid credential from the same address still works', async () => {
  const guess = () =>
    send(
      `GET ${version} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer spt_${'A'.repeat(43)}\r\nConnection: close\r\n\r\n`,
    )
  const found = new Set<number>()
  for (let round = 0; round < 30 && !found.has(429); round++)
    for (const answer of await Promise.all(Array.from({ length: 10 }, guess)))
      for (const status of statuses(answer)) found.add(status)
  expect([...found].sort()).toEqual([401, 429])
  expect(statuses(await sendAndLeave(head(`GET ${version} HTTP/1.1`)))).toEqual([200])
})
