import { once } from 'node:events'
import tls from 'node:tls'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { openGatewayFixture } from '#dev/testing/fixtures/gateway-fixture.ts'

/** The gateway runs in this process. */
let fixture: Awaited<ReturnType<typeof openGatewayFixture>>
let path: string
let token: string
const clients: tls.TLSSocket[] = []

beforeAll(async () => {
  fixture = await openGatewayFixture()
  const owner = await fixture.person('owner')
  const { namespace } = await fixture.space(owner)
  token = (await fixture.credential(owner, { namespace })).token
  path = `/clusters/default/api/v1/namespaces/${namespace}/pods?watch=true`
})
afterAll(async () => {
  for (const client of clients) client.destroy()
  await fixture?.close()
})

async function connect(alpn: readonly string[]): Promise<tls.TLSSocket> {
  const options = {
    host: '127.0.0.1',
    port: fixture.port,
    ca: fixture.ca,
    ...(alpn.length > 0 && { ALPNProtocols: alpn }),
  }
  const client = tls.connect(options)
  client.on('error', () => {})
  clients.push(client)
  await once(client, 'secureConnect')
  return client
}

async function watch(): Promise<void> {
  const client = await connect([])
  client.write(`GET ${path} HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer ${token}\r\n\r\n`)
  const [head] = await once(client, 'data')
  expect(String(head)).toContain('HTTP/1.1 200')
}

/** Uses the memory shared by Node's small buffers, as other requests do between two watches. */
function takeSharedMemory(): void {
  for (let used = 0; used < 2 * Buffer.poolSize; used += 1_024) Buffer.allocUnsafe(1_024)
}

function bufferKilobytes(): number {
  setFlagsFromString('--expose-gc')
  const collect: () => void = runInNewContext('gc')
  collect()
  return process.memoryUsage().arrayBuffers / 1_024
}

test('watches opened among other traffic don’t keep shared buffer memory alive', async () => {
  const count = 40
  for (let warm = 0; warm < 3; warm++) await watch()
  const before = bufferKilobytes()
  for (let opened = 0; opened < count; opened++) {
    takeSharedMemory()
    await watch()
  }
  // Buffers are freed shortly after garbage collection.
  await vi.waitFor(() => expect((bufferKilobytes() - before) / count).toBeLessThan(16), 10_000)
})

test('connections to the API server share one TLS context', async () => {
  const create = vi.spyOn(tls, 'createSecureContext')
  const client = await connect([])
  create.mockClear()
  client.write(`GET ${path} HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer ${token}\r\n\r\n`)
  await once(client, 'data')
  expect(create).not.toHaveBeenCalled()
})

test('clients are offered only HTTP/1.1', async () => {
  expect((await connect([])).alpnProtocol).toBe(false)
  expect((await connect(['h2', 'http/1.1'])).alpnProtocol).toBe('http/1.1')
  await expect(connect(['h2'])).rejects.toThrow(/alert/)
})
