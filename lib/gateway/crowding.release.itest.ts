import { once } from 'node:events'
import https from 'node:https'
import net from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import tls from 'node:tls'
import { Worker } from 'node:worker_threads'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { fastestOfThree } from '#dev/testing/fastest-of-three.ts'
import { openGatewayFixture } from '#dev/testing/fixtures/gateway-fixture.ts'

type Fixture = Awaited<ReturnType<typeof openGatewayFixture>>

let fixture: Fixture
let innocent: Awaited<ReturnType<Fixture['credential']>>
let namespace: string

beforeAll(async () => {
  fixture = await openGatewayFixture()
  const owner = await fixture.person('innocent')
  namespace = (await fixture.space(owner)).namespace
  innocent = await fixture.credential(owner, { namespace })
})
afterAll(() => fixture?.close())

async function status(port: number, token: string, path: string, localAddress?: string): Promise<number> {
  const request = https.get({
    host: '127.0.0.1',
    port,
    ca: fixture.ca,
    agent: false,
    ...(localAddress !== undefined && { localAddress }),
    path: `/clusters/default${path}`,
    headers: { authorization: `Bearer ${token}` },
  })
  request.on('error', () => {})
  const [response] = await once(request, 'response')
  response.resume()
  return response.statusCode
}

test('connections of one address are limited, and another address gets in', async () => {
  const gateway = await fixture.start({ GATEWAY_CONNECTIONS_PER_SOURCE: 10 })
  const held = await Promise.all(
    Array.from({ length: 10 }, async () => {
      const raw = net.connect({ host: '127.0.0.1', port: gateway.port, localAddress: '127.0.0.2' })
      const socket = tls.connect({ socket: raw, host: '127.0.0.1', ca: fixture.ca })
      socket.on('error', () => {})
      await once(socket, 'secureConnect')
      return socket
    }),
  )
  await expect(status(gateway.port, innocent.token, '/version', '127.0.0.2')).rejects.toMatchObject({
    code: expect.stringMatching(/ECONNRESET|EPIPE/),
  })
  expect(await status(gateway.port, innocent.token, '/version')).toBe(200)
  for (const socket of held) socket.destroy()
  await vi.waitFor(
    async () => expect(await status(gateway.port, innocent.token, '/version', '127.0.0.2')).toBe(200),
    30_000,
  )
  await gateway.stop()
})

test('four accounts that never read their large answers leave room for everyone else, and are cut off', async () => {
  const value = 'x'.repeat(900_000)
  const accounts = await Promise.all(
    Array.from({ length: 4 }, async (_, at) => {
      const hostile = await fixture.person(`hostile-${at}`)
      const space = await fixture.space(hostile)
      for (let more = 0; more < 4; more++)
        await fixture.asAdmin(
          ['create', '-f', '-'],
          JSON.stringify({
            apiVersion: 'v1',
            kind: 'ConfigMap',
            metadata: { name: `large-${more}`, namespace: space.namespace },
            data: { value },
          }),
        )
      return { token: (await fixture.credential(hostile)).token, namespace: space.namespace }
    }),
  )
  /** @returns whether it was admitted: on a slow machine some may wait too long for their handshake */
  const isIn = (socket: tls.TLSSocket) =>
    once(socket, 'secureConnect').then(
      () => true,
      () => false,
    )
  const sockets: tls.TLSSocket[] = []
  let connected = 0
  // The gateway shares this thread, so don't open all at once.
  for (let more = 0; more < 12; more++) {
    const some = accounts.flatMap(({ token, namespace: own }) =>
      Array.from({ length: 5 }, () => {
        const raw = net.connect({ host: '127.0.0.1', port: fixture.port, localAddress: '127.0.0.3' })
        const socket = tls.connect({ socket: raw, host: '127.0.0.1', ca: fixture.ca })
        socket.on('error', () => {})
        socket.write(
          `GET /clusters/default/api/v1/namespaces/${own}/configmaps HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\n\r\n`,
        )
        return socket.pause()
      }),
    )
    sockets.push(...some)
    connected += (await Promise.all(some.map(isIn))).filter(Boolean).length
  }
  const closed = Promise.all(
    sockets.map((socket) => socket.closed || new Promise((resolve) => socket.on('close', resolve))),
  )
  expect(connected).toBeGreaterThan(sockets.length / 2)
  for (let round = 0; round < 20; round++)
    expect(await status(fixture.port, innocent.token, `/api/v1/namespaces/${namespace}/pods`)).toBe(200)
  // A client that reads nothing for twenty seconds is cut off; its sockets notice once they read.
  await vi.waitFor(
    async () => {
      const again = await Promise.all(
        accounts.map(({ token, namespace: own }) => status(fixture.port, token, `/api/v1/namespaces/${own}/pods`)),
      )
      expect(again).toEqual([200, 200, 200, 200])
    },
    { timeout: 60_000, interval: 1_000 },
  )
  for (const socket of sockets) socket.destroy()
  await closed
})

/** An unauthenticated client in a separate thread sends requests on many connections without waiting for answers. */
const flood = `
const { workerData: { port, connections } } = require('node:worker_threads')
const requests = 'GET / HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n'.repeat(400)
function connect() {
  const socket = require('node:tls').connect({ host: '127.0.0.1', port, localAddress: '127.0.0.2', rejectUnauthorized: false })
  const send = () => { while (!socket.destroyed && socket.write(requests)); }
  socket.on('error', () => {}).on('secureConnect', send).on('drain', send).resume()
  socket.on('close', () => setTimeout(connect, 10))
}
for (let at = 0; at < connections; at++) connect()`

test('an unauthenticated flood of requests stops no one else', { timeout: 180_000 }, async () => {
  const stranger = new Worker(flood, { eval: true, workerData: { port: fixture.port, connections: 200 } })
  await delay(1_000)
  const ask = () => status(fixture.port, innocent.token, `/api/v1/namespaces/${namespace}/pods`)
  // A party on its own is not limited: the first request waits until the backlog has been read.
  expect(await ask()).toBe(200)
  const wait = async () => {
    const begun = performance.now()
    expect(await ask()).toBe(200)
    return performance.now() - begun
  }
  for (let round = 0; round < 20; round++) {
    expect(await fastestOfThree(8_000, wait)).toBeLessThan(8_000)
    await delay(100)
  }
  await stranger.terminate()
})
