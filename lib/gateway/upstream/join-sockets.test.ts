import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import net, { type AddressInfo, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { joinSockets } from './join-sockets.ts'

const sockets: Socket[] = []

afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy()
})

async function connection(): Promise<[Socket, Socket]> {
  const listener = net.createServer({ allowHalfOpen: true }).listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const { port } = listener.address() as AddressInfo
  const near = net.connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  const [far] = (await once(listener, 'connection')) as [Socket]
  listener.close()
  sockets.push(near, far)
  for (const socket of [near, far]) socket.on('error', () => socket.destroy())
  return [near, far]
}

async function joined(takeTurn: () => Promise<void> | undefined = () => undefined) {
  const [client, ourClient] = await connection()
  const [ourServer, server] = await connection()
  const chunks: Buffer[] = []
  ourClient.on('data', (chunk: Buffer) => void chunks.push(chunk))
  const carried = joinSockets(ourClient, ourServer, takeTurn)
  return { client, server, ourClient, ourServer, carried, chunks }
}

const digest = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

/**
 * @param pauseMs after each piece
 * @returns the bytes until the other end had nothing more to send
 */
async function readAll(socket: Socket, pauseMs = 0): Promise<Buffer> {
  const parts: Buffer[] = []
  socket.on('data', (part: Buffer) => {
    parts.push(part)
    if (pauseMs === 0) return
    socket.pause()
    setTimeout(() => socket.resume(), pauseMs)
  })
  await once(socket, 'end')
  return Buffer.concat(parts)
}

test('every byte arrives both ways, even at a slow reader', async () => {
  const { client, server, carried } = await joined()
  const up = randomBytes(3_000_000)
  const down = randomBytes(5_000_000)
  client.end(up)
  server.end(down)
  const [read, slowlyRead] = await Promise.all([readAll(server), readAll(client, 1)])
  expect(digest(read)).toBe(digest(up))
  expect(digest(slowlyRead)).toBe(digest(down))
  expect(carried).toEqual({ toServer: up.length, toClient: down.length })
})

test('the memory of carried bytes is freed at once', async () => {
  const { client, server, chunks } = await joined()
  client.write(randomBytes(1_000_000))
  let bytes = 0
  for await (const part of server) {
    bytes += part.length
    if (bytes === 1_000_000) break
  }
  await expect.poll(() => chunks.every(({ buffer }) => buffer.byteLength === 0)).toBe(true)
  expect(chunks.length).toBeGreaterThan(0)
})

test('a chunk that shares its memory leaves the rest of it intact', async () => {
  const { server, ourClient } = await joined()
  const block = Buffer.alloc(1_000, 'a')
  ourClient.emit('data', block.subarray(0, 500))
  const [part] = await once(server, 'data')
  expect(String(part)).toBe('a'.repeat(500))
  await sleep(50)
  expect(String(block)).toBe('a'.repeat(1_000))
})

test('a reader that stops holds up the writer, and no one is read before a pending turn', async () => {
  const turns: (() => void)[] = []
  const { client, server, carried } = await joined(() => new Promise((resolve) => turns.push(resolve)))
  server.resume()
  client.write(Buffer.alloc(4_000_000))
  await expect.poll(() => turns.length).toBe(1)
  await sleep(100)
  expect(turns.length).toBe(1)
  const { toServer } = carried
  expect(toServer).toBeLessThan(200_000)
  turns[0]?.()
  await expect.poll(() => carried.toServer).toBeGreaterThan(toServer)

  const stopped = await joined()
  stopped.client.write(Buffer.alloc(40_000_000))
  await sleep(300)
  expect(stopped.carried.toServer).toBeLessThan(20_000_000)
})
