import { once } from 'node:events'
import tls from 'node:tls'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openGatewayFixture } from '#dev/testing/fixtures/gateway-fixture.ts'

type Fixture = Awaited<ReturnType<typeof openGatewayFixture>>

let fixture: Fixture
let owner: Awaited<ReturnType<Fixture['person']>>
let path: string

beforeAll(async () => {
  fixture = await openGatewayFixture()
  owner = await fixture.person('owner')
  path = `/clusters/default/api/v1/namespaces/${(await fixture.space(owner)).namespace}/configmaps?watch=1`
})
afterAll(() => fixture?.close())

/**
 * Begins a watch.
 * @returns its connection, and the first line of the answer
 */
function watch(token: string) {
  const socket = tls.connect({ host: '127.0.0.1', port: fixture.port, ca: fixture.ca })
  socket.on('error', () => {})
  socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\n\r\n`)
  const answer = once(socket, 'data').then(([data]) => String(data).split('\r\n')[0])
  return { socket, answer }
}

test('a read that waited for room until its credential expired is not sent', async () => {
  const { id, token } = await fixture.credential(owner)
  const held = Array.from({ length: 256 }, () => watch(token))
  await Promise.all(held.map(({ answer }) => answer))
  await fixture.sql(`UPDATE credential SET ends_at = now() + interval '1 second' WHERE id = $1`, [id])
  const waiting = watch(token)
  expect(await waiting.answer).toBe('HTTP/1.1 401 Unauthorized')
  for (const { socket } of [...held, waiting]) socket.destroy()
})
