import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { refuseRequest, refuseSocket } from './refuse-socket.ts'

const key = 'dGhlIHNhbXBsZSBub25jZQ=='
let stop = () => {}
afterEach(() => stop())

/**
 * A client that never closes its side.
 * @returns both ends
 */
async function open(): Promise<{ client: Socket; server: Socket }> {
  const listening = createServer({ allowHalfOpen: true }).listen(0, '127.0.0.1')
  await once(listening, 'listening')
  const address = listening.address()
  const client = connect({ port: typeof address === 'object' ? (address?.port ?? 0) : 0, allowHalfOpen: true })
  const [server] = await once(listening, 'connection')
  stop = () => {
    client.destroy()
    server.destroy()
    listening.close()
  }
  return { client, server }
}
const readAll = async (client: Socket): Promise<Buffer> => {
  const chunks: Buffer[] = []
  client.on('data', (chunk) => chunks.push(chunk))
  await once(client, 'end')
  return Buffer.concat(chunks)
}

test('a refused request’s connection is closed even if the client never closes it', async () => {
  const { client, server } = await open()
  const closed = once(server, 'close')
  refuseRequest(server, '403 Forbidden')
  expect((await readAll(client)).toString()).toMatch(/^HTTP\/1\.1 403 Forbidden\r\nConnection: close\r\n/)
  await closed
})

test('a page gets the reason, after the handshake of RFC 6455, section 1.3, in a close frame', async () => {
  const { client, server } = await open()
  refuseSocket(server, key, 'v5.channel.k8s.io', 4403, 'Not found.')
  const response = await readAll(client)
  const end = response.indexOf('\r\n\r\n') + 4
  expect(response.subarray(0, end).toString()).toContain('Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n')
  const frame = response.subarray(end)
  expect([...frame.subarray(0, 4)]).toEqual([0x88, 12, 4403 >> 8, 4403 & 0xff])
  expect(frame.subarray(4).toString()).toBe('Not found.')
})

test('a reason is cut to 125 bytes without splitting a character', async () => {
  const { client, server } = await open()
  refuseSocket(server, key, 'x', 4403, `a${'ü'.repeat(100)}`)
  const response = await readAll(client)
  const frame = response.subarray(response.indexOf('\r\n\r\n') + 4)
  expect(frame[1]).toBeLessThanOrEqual(125)
  expect(frame).toHaveLength(2 + (frame[1] ?? 0))
  expect(frame.subarray(4).toString()).toBe(`a${'ü'.repeat(61)}`)
})
