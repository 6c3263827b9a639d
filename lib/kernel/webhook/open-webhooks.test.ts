import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createTcpServer, type Server } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { openWebhooks } from './open-webhooks.ts'
import { newSecret } from './sign.ts'

const at = new Date('2026-11-26T12:00:00.900Z')
const secret = newSecret((size) => Buffer.alloc(size, 7))
const key = 's'.repeat(32)
const stops: (() => void)[] = []
afterEach(() => {
  for (const stop of stops.splice(0)) stop()
})

type Got = { method: string; path: string; headers: IncomingMessage['headers']; body: string }

async function receive(answer: (response: ServerResponse, got: Got) => void) {
  const got: Got[] = []
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      const one = {
        method: request.method ?? '',
        path: request.url ?? '',
        headers: request.headers,
        body: Buffer.concat(parts).toString(),
      }
      got.push(one)
      answer(response, one)
    })
  })
  const port = await listen(server)
  stops.push(() => {
    server.close()
    server.closeAllConnections()
  })
  return { port, got }
}

/** A server that notices any connection. */
async function trap(wanted = 0, host = '127.0.0.1') {
  let connections = 0
  const server = createTcpServer((socket) => {
    connections++
    socket.destroy()
  })
  const port = await listen(server, wanted, host)
  stops.push(() => server.close())
  return { port, connections: () => connections }
}

async function listen(server: Server, port = 0, host = '127.0.0.1'): Promise<number> {
  await new Promise<void>((done) => void server.listen(port, host, () => done()))
  const address = server.address()
  return typeof address === 'object' && address ? address.port : 0
}

async function closedPort(): Promise<number> {
  const server = createTcpServer()
  const port = await listen(server)
  await new Promise((done) => server.close(done))
  return port
}

type Options = Partial<Parameters<typeof openWebhooks>[0]>
const open = (options: Options = {}) => {
  const webhooks = openWebhooks({ secret: key, allowedHosts: [], deniedCidrs: [], ...options })
  stops.push(() => webhooks.close())
  return webhooks
}
const message = (url: string, more = {}) => ({ url, secret, id: randomUUID(), at, body: '{"a":1}', ...more })

/** Verifies as a receiver does: Standard Webhooks 1.0.0, "Verifying webhook authenticity". */
function verify(of: string, { headers, body }: Got): boolean {
  const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures } = headers
  const expected = createHmac('sha256', Buffer.from(of.replace('whsec_', ''), 'base64'))
    .update([id, timestamp, body].join('.'))
    .digest()
  return String(signatures)
    .split(' ')
    .some((signature) => {
      const [version, value = ''] = signature.split(',')
      const given = Buffer.from(value, 'base64')
      return version === 'v1' && given.length === expected.length && timingSafeEqual(given, expected)
    })
}

test('a message arrives unchanged, with a signature that its receiver can verify', async () => {
  const { port, got } = await receive((response) => response.writeHead(204).end())
  const sent = message(`http://localhost:${port}/hooks/T1?token=abc#not-sent`)
  const answer = await open({ allowedHosts: [`localhost:${port}`] }).send(sent)
  expect(answer).toEqual({ status: 204, retryAfterMs: null })
  const [one] = got
  if (!one) throw new Error('nothing arrived')
  expect(one).toMatchObject({ method: 'POST', path: '/hooks/T1?token=abc', body: sent.body })
  expect(one.headers).toMatchObject({
    host: `localhost:${port}`,
    'content-type': 'application/json',
    'webhook-id': sent.id,
    'webhook-timestamp': String(Date.parse('2026-11-26T12:00:00Z') / 1000),
  })
  expect(verify(secret, one)).toBe(true)
  expect(verify(secret, { ...one, body: '{"a":2}' }), 'another body').toBe(false)
  expect(verify(secret, { ...one, headers: { ...one.headers, 'webhook-timestamp': '1' } }), 'another time').toBe(false)
  expect(
    verify(
      newSecret((size) => Buffer.alloc(size, 8)),
      one,
    ),
    'another secret',
  ).toBe(false)
})

test('a signature equals that of the specification’s reference implementation', async () => {
  // https://github.com/standard-webhooks/standard-webhooks: the test vector of its libraries.
  const vector = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
  const { port, got } = await receive((response) => response.end())
  await open({ allowedHosts: ['localhost'] }).send({
    url: `http://localhost:${port}/`,
    secret: vector,
    id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    at: new Date(1_614_265_330_000),
    body: '{"test": 2432232314}',
  })
  expect(got[0]?.headers['webhook-signature']).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=')
})

test.each(['127.0.0.1', '0x7f.1', '2130706433', '[::ffff:127.0.0.1]', 'localhost', '127.0.0.1.'])(
  'nothing connects to %s, which isn’t listed',
  async (host) => {
    const inside = await trap()
    const webhooks = open({ allowedHosts: [`other.test:${inside.port}`] })
    for (const scheme of ['http', 'https']) {
      const url = `${scheme}://${host}:${inside.port}/`
      expect(await webhooks.mayReach(url)).toBe(false)
      expect(await webhooks.send(message(url))).toMatchObject({ status: null })
    }
    expect(inside.connections()).toBe(0)
  },
)

test('a name that was public when saved but is internal when used isn’t reached', async () => {
  const inside = await trap()
  const answers = ['93.184.216.34', '127.0.0.1', '127.0.0.1']
  const webhooks = open({
    allowedHosts: [],
    resolve: async () => [{ address: answers.shift() ?? '127.0.0.1', family: 4 }],
  })
  expect(await webhooks.mayReach('https://rebound.example.com/')).toBe(true)
  expect(await webhooks.send(message(`https://rebound.example.com:${inside.port}/`))).toEqual({
    status: null,
    why: 'BLOCKED',
  })
  expect(await webhooks.send(message('https://rebound.example.com/'))).toEqual({ status: null, why: 'BLOCKED' })
  expect(inside.connections()).toBe(0)
})

// Elsewhere, loopback has one address.
test.runIf(process.platform === 'linux')('only the public addresses of a name are tried', async () => {
  const { port, got } = await receive((response) => response.end())
  const inside = await trap(port, '127.0.0.2')
  const webhooks = open({
    allowedHosts: ['127.0.0.1/32'],
    resolve: async () => [
      { address: '127.0.0.2', family: 4 },
      { address: '::1', family: 6 },
      { address: '127.0.0.1', family: 4 },
    ],
  })
  expect(await webhooks.send(message(`http://mixed.example.com:${port}/`))).toMatchObject({ status: 200 })
  expect(got).toHaveLength(1)
  expect(inside.connections()).toBe(0)
})

test('a redirect is an answer, and isn’t followed', async () => {
  const inside = await trap()
  const { port, got } = await receive((response) =>
    response.writeHead(307, { location: `http://127.0.0.1:${inside.port}/` }).end(),
  )
  expect(await open({ allowedHosts: ['localhost'] }).send(message(`http://localhost:${port}/`))).toMatchObject({
    status: 307,
  })
  expect(got).toHaveLength(1)
  expect(inside.connections()).toBe(0)
})

test('an endless answer is read for 4 kB, and its status counts', async () => {
  let written = 0
  const { port } = await receive((response) => {
    response.writeHead(200)
    const more = () => {
      while (!response.destroyed && written < 50_000_000) {
        written += 65_536
        if (!response.write(Buffer.alloc(65_536))) return void response.once('drain', more)
      }
    }
    more()
  })
  expect(await open({ allowedHosts: ['localhost'] }).send(message(`http://localhost:${port}/`))).toMatchObject({
    status: 200,
  })
  expect(written).toBeLessThan(50_000_000)
})

test('a silent or slow receiver is cut off at the time limit', async () => {
  const silent = await receive(() => {})
  const dripping = await receive((response) => {
    const timer = setInterval(() => (response.destroyed ? clearInterval(timer) : response.write('x')), 20)
  })
  const webhooks = open({ allowedHosts: ['localhost'], maxMs: 1_000 })
  expect(await webhooks.send(message(`http://localhost:${silent.port}/`))).toMatchObject({ status: null })
  await expect.poll(() => webhooks.send(message(`http://localhost:${dripping.port}/`))).toMatchObject({ status: 200 })
})

test('closing cancels messages that are being sent', async () => {
  const { port, got } = await receive(() => {})
  const webhooks = open({ allowedHosts: ['localhost'] })
  const sending = webhooks.send(message(`http://localhost:${port}/`))
  await expect.poll(() => got.length).toBe(1)
  webhooks.close()
  expect(await sending).toMatchObject({ status: null })
})

test.each([
  ['a closed port', async () => `http://localhost:${await closedPort()}/`],
  ['an internal port that isn’t listed', async () => `https://127.0.0.1:${(await trap()).port}/`],
  ['a name that doesn’t exist', async () => 'https://nowhere.invalid/'],
  ['a server without TLS', async () => `https://localhost:${(await receive((response) => response.end())).port}/`],
])('%s counts as no answer, and its error contains no URL', async (_what, urlOf) => {
  const answer = await open({ allowedHosts: ['localhost'] }).send(message(`${await urlOf()}secret-token`))
  expect(answer).toEqual({ status: null, why: expect.stringMatching(/^[A-Z][\w]+$/) })
})

test('Retry-After is read in seconds and as a date', async () => {
  const answers = ['120', 'Thu, 26 Nov 2026 12:05:00 GMT', 'soon', '-5']
  const { port } = await receive((response) => response.writeHead(503, { 'retry-after': answers.shift() ?? '' }).end())
  const webhooks = open({ allowedHosts: ['localhost'] })
  const waits: (number | null | undefined)[] = []
  for (let left = answers.length; left > 0; left--) {
    const answer = await webhooks.send(message(`http://localhost:${port}/`))
    waits.push(answer.status === null ? undefined : answer.retryAfterMs)
  }
  expect(waits).toEqual([120_000, 299_100, null, expect.anything()])
})

test('a URL is encrypted for its owner', async () => {
  const webhooks = open()
  const sealed = await webhooks.seal('https://hooks.example.com/secret-path', 'alice')
  expect(sealed).not.toContain('secret-path')
  expect(await webhooks.open(sealed, 'alice')).toBe('https://hooks.example.com/secret-path')
  expect(await webhooks.open(sealed, 'bob')).toBeNull()
  expect(await open({ secret: 't'.repeat(32) }).open(sealed, 'alice')).toBeNull()
})
