import { once } from 'node:events'
import http, { type ServerResponse } from 'node:http'
import net from 'node:net'
import { afterEach, expect, test, vi } from 'vitest'
import { type AnswerWriter, createAnswerWriter } from './answer-writer.ts'
import { ownPiece } from './recycled-blocks.ts'

const cleanups: (() => unknown)[] = []
afterEach(() => {
  vi.useRealTimers()
  for (const cleanup of cleanups.splice(0).reverse()) cleanup()
})

async function answered(
  bytes: number,
  end = (writer: AnswerWriter, piece: Buffer, _response: ServerResponse): void => {
    writer.hold(ownPiece(piece), undefined)
    writer.end()
  },
): Promise<{ response: ServerResponse; client: net.Socket }> {
  const server = http.createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  cleanups.push(() => server.close())
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('a server without a port')
  const client = net.connect(address.port, '127.0.0.1').pause()
  cleanups.push(() => client.destroy())
  client.write('GET / HTTP/1.1\r\nHost: here\r\n\r\n')
  const [, response] = await once(server, 'request')
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const writer = createAnswerWriter(
    response,
    () => 0,
    () => undefined,
  )
  writer.head({ status: 200, fields: [], sized: false })
  end(writer, Buffer.alloc(bytes), response)
  writer.leave()
  return { response, client }
}

test('a client can’t leave the end of its answer unread forever', async () => {
  const { response } = await answered(32 * 1024 * 1024)
  vi.advanceTimersByTime(19_000)
  expect(response.destroyed).toBe(false)
  vi.advanceTimersByTime(2_000)
  expect(response.destroyed).toBe(true)
})

test('nor the event with the reason why its answer was cut', async () => {
  const { response } = await answered(32 * 1024 * 1024, (writer, piece, response) => {
    writer.flush()
    response.end(piece)
    writer.waitForEnd()
  })
  vi.advanceTimersByTime(19_000)
  expect(response.destroyed).toBe(false)
  vi.advanceTimersByTime(2_000)
  expect(response.destroyed).toBe(true)
})

test('a client that reads the end of its answer keeps its connection', async () => {
  const { response, client } = await answered(1024 * 1024)
  client.resume()
  await once(response, 'close')
  expect(vi.getTimerCount()).toBe(0)
  expect(response.writableFinished).toBe(true)
  expect(client.destroyed).toBe(false)
})
