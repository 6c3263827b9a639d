import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import net, { type AddressInfo, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { opcodes, renderFrame } from './websocket-frames.ts'
import { WebSocketResponse } from './websocket-response.ts'

const sockets: Socket[] = []
const uncaught: unknown[] = []
const onUncaught = (error: unknown) => void uncaught.push(error)

beforeEach(() => void process.on('uncaughtExceptionMonitor', onUncaught))
afterEach(() => {
  process.off('uncaughtExceptionMonitor', onUncaught)
  for (const socket of sockets.splice(0)) socket.destroy()
  expect(uncaught.splice(0)).toEqual([])
})

/** @returns a client's socket, and the gateway's answer on the other end */
async function asked(kind: 'watch' | 'log', takeTurn: () => Promise<void> | undefined = () => undefined) {
  const listener = net.createServer({ allowHalfOpen: true }).listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const { port } = listener.address() as AddressInfo
  const client = net.connect({ port, host: '127.0.0.1' })
  const [socket] = (await once(listener, 'connection')) as [Socket]
  listener.close()
  sockets.push(client, socket)
  client.on('error', () => {})
  const request = { headers: { 'sec-websocket-key': 'x'.repeat(22) } } as unknown as IncomingMessage
  const response = new WebSocketResponse(request, socket, kind)
  response.paceReading(takeTurn)
  return { client, socket, response, begin: () => response.writeHead(200, ['Content-Type', 'application/json']) }
}

/** Also resolves after an error. */
const closed = (response: WebSocketResponse) => new Promise((resolve) => response.on('close', resolve))

function masked(opcode: number, payload = Buffer.alloc(0)) {
  const frame = Buffer.from(renderFrame(opcode, payload))
  frame[1] = (frame[1] ?? 0) | 0x80
  return Buffer.concat([frame.subarray(0, 2), Buffer.alloc(4), frame.subarray(2)])
}

test('a client that resets its connection ends only its own answer', async () => {
  const { client, socket, response, begin } = await asked('log')
  begin()
  await once(client, 'data')
  client.pause()
  while (response.write(Buffer.alloc(1_000_000)));
  for (let n = 0; n < 5; n++) response.write('more')
  const ended = closed(response)
  client.resetAndDestroy()
  await ended
  response.write('after')
  await sleep(20)
  expect(socket.destroyed).toBe(true)
})

test('a write to a closed connection ends only that answer', async () => {
  const { socket, response, begin } = await asked('log')
  begin()
  socket.destroy()
  response.write('x')
  await closed(response)
  await sleep(20)
  expect(response.destroyed).toBe(true)
})

test('an endless event ends only its answer, even if its last piece had to wait', async () => {
  const { client, socket, response, begin } = await asked('watch')
  begin()
  client.pause()
  const ended = closed(response)
  response.write(`{"a":"${'x'.repeat(8_000_000)}"}\n`)
  for (let n = 0; n < 5; n++) response.write('x'.repeat(4_000_000))
  client.resume()
  await ended
  expect(socket.destroyed).toBe(true)
})

test('client data before the answer begins is not read', async () => {
  const { client, socket, begin } = await asked('watch')
  const sent = Buffer.alloc(4_000_000, masked(opcodes.text))
  client.write(sent)
  await sleep(300)
  expect(socket.bytesRead).toBeLessThan(1_000_000)
  begin()
  await expect.poll(() => socket.bytesRead, { timeout: 10_000 }).toBe(sent.length)
})

test('client frames are read in turns', async () => {
  const turns: (() => void)[] = []
  const { client, socket, begin } = await asked('watch', () => new Promise((resolve) => turns.push(resolve)))
  begin()
  client.write(Buffer.alloc(4_000_000, masked(opcodes.text)))
  await expect.poll(() => turns.length).toBe(1)
  await sleep(200)
  expect(turns.length).toBe(1)
  expect(socket.bytesRead).toBeLessThan(1_000_000)
  turns[0]?.()
  await expect.poll(() => turns.length).toBe(2)
})

test('pings of a client that reads nothing don’t fill the memory', async () => {
  const { client, socket, begin } = await asked('watch')
  begin()
  await once(client, 'data')
  client.pause()
  const ping = masked(opcodes.ping, Buffer.alloc(125, 'x'))
  const sent = Buffer.alloc(131 * 150_000, ping)
  client.write(sent)
  await expect.poll(() => socket.bytesRead, { timeout: 30_000 }).toBe(sent.length)
  expect(socket.writableLength).toBeLessThan(100_000)
})

test('pings are answered, even those sent with a close', async () => {
  const { client, begin } = await asked('watch')
  begin()
  const [head] = await once(client, 'data')
  expect(String(head)).toMatch(/^HTTP\/1\.1 101 /)
  client.write(Buffer.concat([masked(opcodes.ping, Buffer.from('there?')), masked(opcodes.text)]))
  const [pong] = await once(client, 'data')
  expect(pong).toEqual(renderFrame(opcodes.pong, Buffer.from('there?')))
  client.write(masked(opcodes.close))
  await once(client, 'close')
})
