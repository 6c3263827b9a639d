import { once } from 'node:events'
import { createServer, request } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createBodyReader } from './read-body.ts'

test('a body takes a turn for each piece, and reading pauses until then', async () => {
  const readBody = createBodyReader()
  const { promise: turn, resolve: continueTo } = Promise.withResolvers<void>()
  let turns = 0
  const server = createServer(async (incoming, response) => {
    const takeTurn = () => (++turns === 3 ? turn : undefined)
    const held = await readBody(incoming, 'person', takeTurn, () => {})
    response.end(String(held.body?.length))
    held.release()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const asked = request({ host: '127.0.0.1', port, method: 'POST' })
  asked.end(Buffer.alloc(2_000_000))
  await expect.poll(() => turns, { timeout: 10_000 }).toBe(3)
  await delay(300)
  expect(turns).toBe(3)
  continueTo()
  const [response] = await once(asked, 'response')
  expect(String(await once(response, 'data'))).toBe('2000000')
  expect(turns).toBeGreaterThan(20)
  server.close()
})
