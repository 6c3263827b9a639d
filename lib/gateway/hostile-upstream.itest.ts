import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import https from 'node:https'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import tls from 'node:tls'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { parse } from 'yaml'
import { openGatewayFixture } from '#dev/testing/fixtures/gateway-fixture.ts'
import { startRawServer } from '#dev/testing/network/raw-server.ts'

let fixture: Awaited<ReturnType<typeof openGatewayFixture>>
let owner: Awaited<ReturnType<typeof fixture.person>>
let space: Awaited<ReturnType<typeof fixture.space>>
const closes: (() => unknown)[] = []

beforeAll(async () => {
  fixture = await openGatewayFixture()
  owner = await fixture.person('owner')
  space = await fixture.space(owner)
})
afterAll(async () => {
  for (const close of closes.reverse()) await close()
  await fixture?.close()
})

const pods = () => `/api/v1/namespaces/${space.namespace}/pods`

async function inFrontOf(answer: (head: string, socket: tls.TLSSocket) => void) {
  const server = await startRawServer((socket, _index, heard) => {
    let seen = 0
    heard((text) => {
      for (let end = text.indexOf('\r\n\r\n', seen); end >= 0; end = text.indexOf('\r\n\r\n', seen)) {
        const head = text.slice(seen, end)
        seen = end + 4
        answer(head, socket)
      }
    })
  })
  closes.push(() => server.close())
  const config = parse(readFileSync(inject('kubeGateway'), 'utf8'))
  config.clusters[0].cluster = {
    server: `https://127.0.0.1:${server.port}`,
    'certificate-authority-data': server.ca.toString('base64'),
  }
  const file = join(fixture.dir, `raw-${server.port}.kubeconfig`)
  writeFileSync(file, JSON.stringify(config))
  const gateway = await fixture.start({ KUBECONFIG: file })
  closes.push(() => gateway.stop())
  const { token } = await fixture.credential(owner, { namespace: space.namespace })
  return { port: gateway.port, token, server }
}

type TestGateway = Awaited<ReturnType<typeof inFrontOf>>

async function open({ port, token }: TestGateway, path: string, method = 'GET'): Promise<IncomingMessage> {
  const request = https.request({
    host: '127.0.0.1',
    port,
    ca: fixture.ca,
    agent: false,
    method,
    path: `/clusters/default${path}`,
    headers: { authorization: `Bearer ${token}` },
  })
  request.on('error', () => {})
  request.end()
  const [response] = await once(request, 'response')
  return response
}

async function ask(door: TestGateway, path: string, method?: string): Promise<{ status: number; body: string }> {
  const response = await open(door, path, method)
  let body = ''
  for await (const chunk of response) body += String(chunk)
  return { status: response.statusCode ?? 0, body }
}

const sized = (body: string) =>
  `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`

describe('an answer with ambiguous framing becomes a Status with the reason', () => {
  test.each([
    ['both framings', 'HTTP/1.1 200 OK\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 6\r\n\r\nstolen'],
    ['bare line feeds', 'HTTP/1.1 200 OK\nContent-Length: 6\n\nstolen'],
    ['a folded field', 'HTTP/1.1 200 OK\r\nA: b\r\n c\r\nContent-Length: 6\r\n\r\nstolen'],
    ['a switch of protocols', 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\nstolen'],
  ])('%s', async (_what, answer) => {
    const door = await inFrontOf((_head, socket) => void socket.write(answer))
    const { status, body } = await ask(door, pods())
    expect(status).toBe(503)
    expect(JSON.parse(body)).toMatchObject({ kind: 'Status', status: 'Failure' })
    expect(body).not.toContain('stolen')
  })
})

test('no one gets bytes that follow an answer', async () => {
  let asked = 0
  const door = await inFrontOf((_head, socket) => {
    asked++
    socket.write(`${sized(`{"n":${asked}}`)}${sized('"stolen"')}`)
  })
  const answers = []
  for (let time = 1; time <= 20; time++) answers.push((await ask(door, pods())).body)
  expect(answers).toEqual(Array.from({ length: 20 }, (_, at) => `{"n":${at + 1}}`))
})

test('a truncated answer looks truncated', async () => {
  const door = await inFrontOf((head, socket) => {
    if (head.includes('limit=1')) socket.end(sized(`"${'x'.repeat(100_000)}"`).slice(0, -10))
    else socket.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n')
  })
  for (const limit of [1, 2]) await expect(ask(door, `${pods()}?limit=${limit}`)).rejects.toThrow()
})

test('a read is retried if its idle connection had just closed, a change is not', async () => {
  const served = new WeakSet<tls.TLSSocket>()
  const door = await inFrontOf((_head, socket) => {
    if (served.has(socket)) socket.destroy()
    else socket.write(sized('{}'))
    served.add(socket)
  })
  for (let time = 0; time < 3; time++) expect(await ask(door, pods())).toEqual({ status: 200, body: '{}' })
  await delay(100)
  const before = door.server.received.join('').split('DELETE').length
  const refused = await open(door, `${pods()}/one`, 'DELETE')
  refused.resume()
  expect(refused.statusCode).toBe(503)
  // kubectl would repeat the change.
  expect(refused.headers['retry-after']).toBeUndefined()
  expect(door.server.received.join('').split('DELETE').length - before).toBe(1)
})

test('slow clients get their own bytes, all of them', { timeout: 180_000 }, async () => {
  const size = 5 * 1024 * 1024
  const bytesOf = (seed: string) => Buffer.alloc(size, `${seed}:abcdefghijklmnopqrstuvwxyz;`)
  const door = await inFrontOf((head, socket) => {
    const seed = /limit=(\d+)/.exec(head)?.[1] ?? ''
    const framing = Number(seed) % 2 === 0 ? `Content-Length: ${size}` : 'Connection: close'
    socket.write(`HTTP/1.1 200 OK\r\n${framing}\r\n\r\n`)
    socket.write(bytesOf(seed), () => Number(seed) % 2 === 0 || socket.end())
  })
  await Promise.all(
    Array.from({ length: 8 }, async (_, at) => {
      const seed = String(at + 1)
      const expected = bytesOf(seed)
      const response = await open(door, `${pods()}?limit=${seed}`)
      let read = 0
      let stalls = 0
      for await (const chunk of response as AsyncIterable<Buffer>) {
        if (!chunk.equals(expected.subarray(read, read + chunk.length)))
          throw new Error(`${seed}: other bytes at ${read}: ${chunk.toString('latin1', 0, 200)}`)
        read += chunk.length
        if (at % 3 > 0 && read > (stalls + 1) * (at + 1) * 100_000) {
          stalls++
          await delay(20 * at)
        }
      }
      expect(read).toBe(size)
    }),
  )
})

test('an upgrade is handed over with the bytes that follow it', async () => {
  const door = await inFrontOf((_head, socket) => {
    socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nfirst frame')
    socket.on('data', (chunk) => {
      if (String(chunk).includes('question')) socket.end(', answer')
    })
  })
  const client = tls.connect({ host: '127.0.0.1', port: door.port, ca: fixture.ca })
  client.write(
    `GET /clusters/default${pods()}/p/exec?command=true HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${door.token}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: v5.channel.k8s.io\r\n\r\n`,
  )
  let text = ''
  client.on('data', (chunk) => {
    text += String(chunk)
    if (text.endsWith('first frame')) client.write('question')
  })
  await once(client, 'close')
  expect(text).toMatch(/^HTTP\/1\.1 101 [\s\S]*\r\n\r\nfirst frame, answer$/)
  expect(door.server.received.join('')).toMatch(/\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n(question)?$/)
})

test('a refusal adds only known texts to the trail, however the API server words it', async () => {
  const secret = 'hunter2-is-nobodys-business'
  const refusal = (message: string, more = '') =>
    JSON.stringify({ kind: 'Status', reason: secret, message, details: { name: secret, kind: secret }, more })
  const bodies = [
    refusal(`pods "a" is forbidden: exceeded quota: q, requested: ${secret}=1,pods=1, used: pods=1`),
    refusal(`admission webhook "${secret} !" denied the request: ${secret}`),
    refusal(secret, 'x'.repeat(3_000_000)),
    `{"message":"${secret}`,
    `["${secret}"]`,
  ]
  let asked = 0
  const door = await inFrontOf((_head, socket) => {
    const body = bodies[asked++] ?? ''
    socket.write(
      `HTTP/1.1 403 Forbidden\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    )
  })
  for (const body of bodies) expect(await ask(door, `${pods()}/a`, 'DELETE')).toEqual({ status: 403, body })
  const rows = await fixture.sql(
    `SELECT detail -> 'refusal' AS refusal FROM audit_event
     WHERE action = 'kubectl.delete' AND reason = 'cluster_403' AND namespace = $1 ORDER BY seq`,
    [space.namespace],
  )
  expect(rows.map(({ refusal: kept }) => kept)).toEqual([{ kind: 'quota', of: ['pods'] }, null, null, null, null])
  expect(JSON.stringify(await fixture.sql('SELECT * FROM audit_event'))).not.toContain(secret)
})
