import { createHmac } from 'node:crypto'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import { afterEach, expect, test } from 'vitest'
import { type CloudEvent, renderCloudEvent } from '#lib/features/audit/model/cloud-event.ts'
import { openTrailWebhook } from './open-trail-webhook.ts'

const stops: (() => void)[] = []
afterEach(() => {
  for (const stop of stops.splice(0)) stop()
})
const running = new AbortController().signal
const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`

type Got = { path: string; headers: IncomingHttpHeaders; body: string }

async function receive(answer: (response: ServerResponse, count: number) => void) {
  const got: Got[] = []
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      got.push({ path: request.url ?? '', headers: request.headers, body: Buffer.concat(parts).toString() })
      answer(response, got.length)
    })
  })
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', () => done()))
  stops.push(() => {
    server.close()
    server.closeAllConnections()
  })
  const address = server.address()
  return { url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/trail?x=1`, got }
}

type Settings = Partial<Parameters<typeof openTrailWebhook>[0]>
function sink(url: string, more: Settings = {}) {
  const opened = openTrailWebhook({ url, token: '', secret: '', ...more })
  stops.push(opened.close)
  return opened
}

const event: CloudEvent = {
  specversion: '1.0',
  id: '1',
  source: 'x',
  type: 'dev.spaceport.audit.space.create',
  subject: 'x',
  time: '2026-11-26T12:00:00Z',
  datacontenttype: 'application/json',
  data: { text: 'é' },
}
const batch = {
  id: 'trail-1.0-2',
  events: [1, 2].map(() => ({ event, text: renderCloudEvent(event) })),
  at: new Date('2026-11-26T12:00:00Z'),
}

test('a batch follows the CloudEvents specification, with the operator’s token and signature', async () => {
  const { url, got } = await receive((response) => response.writeHead(202).end())
  expect(await sink(url, { token: 'abc', secret }).send(batch, running)).toEqual({ taken: true })
  const [one] = got
  if (!one) throw new Error('nothing arrived')
  expect(one.path).toBe('/trail?x=1')
  expect(one.headers).toMatchObject({
    'content-type': 'application/cloudevents-batch+json; charset=UTF-8',
    authorization: 'Bearer abc',
    'webhook-id': batch.id,
    'webhook-timestamp': String(batch.at.getTime() / 1000),
  })
  expect(JSON.parse(one.body)).toEqual([event, event])
  const signature = createHmac('sha256', Buffer.alloc(32, 7))
    .update(`${batch.id}.${batch.at.getTime() / 1000}.${one.body}`)
    .digest('base64')
  expect(one.headers['webhook-signature']).toBe(`v1,${signature}`)
})

test('without a token and a secret, neither header is sent', async () => {
  const { url, got } = await receive((response) => response.end())
  await sink(url).send(batch, running)
  expect(Object.keys(got[0]?.headers ?? {}).filter((name) => /^authorization$|^webhook-/.test(name))).toEqual([])
})

test.each([
  [500, undefined, null],
  [429, '7', 7_000],
  [503, 'Thu, 26 Nov 2026 12:00:05 GMT', 5_000],
  [400, undefined, null],
  [410, undefined, null],
])('nothing counts as delivered after status %i', async (status, after, retryAfterMs) => {
  const { url } = await receive((response) =>
    response.writeHead(status, after ? { 'retry-after': after } : {}).end('no'),
  )
  expect(await sink(url).send(batch, running)).toEqual({ taken: false, why: { kind: 'http', status }, retryAfterMs })
})

test('redirects are not followed', async () => {
  const elsewhere = await receive((response) => response.end())
  const { url } = await receive((response) => response.writeHead(307, { location: elsewhere.url }).end())
  expect(await sink(url, { token: 'abc' }).send(batch, running)).toMatchObject({
    taken: false,
    why: { kind: 'http', status: 307 },
  })
  expect(elsewhere.got).toEqual([])
})

test('a receiver that hangs blocks no longer than the limit, and the next batch reaches it again', async () => {
  const { url, got } = await receive((response, count) => count > 1 && response.end())
  const opened = sink(url, { maxMs: 2_000 })
  expect(await opened.send(batch, running)).toMatchObject({ taken: false, why: { kind: 'timeout' } })
  await expect.poll(() => opened.send(batch, running)).toEqual({ taken: true })
  expect(got.length).toBeGreaterThan(1)
})

test('an unreachable receiver, and one with an untrusted certificate, have failures in words', async () => {
  expect(await sink('http://127.0.0.1:9/').send(batch, running)).toMatchObject({ taken: false })
  expect(await sink('https://nowhere.invalid/').send(batch, running)).toMatchObject({
    taken: false,
    why: { kind: 'unreachable' },
  })
})
