import { once } from 'node:events'
import { createServer } from 'node:http'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { boundedFetch } from './bounded-fetch.ts'

let base = ''
const drips = new Set<NodeJS.Timeout>()
const server = createServer((request, response) => {
  if (request.url === '/drip') {
    const drip = setInterval(() => response.write(' '), 20)
    drips.add(drip)
    response.on('close', () => {
      clearInterval(drip)
      drips.delete(drip)
    })
  } else if (request.url === '/long') response.end('x'.repeat(2_000))
  else if (request.url === '/bomb') {
    response.setHeader('content-encoding', 'gzip')
    response.end(gzipSync('x'.repeat(2_000)))
  } else if (request.url === '/elsewhere') response.writeHead(302, { location: '/whole' }).end()
  else response.end('whole')
})
beforeAll(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  base = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

test('an endless slow response is aborted after the time limit, and its connection closed', async () => {
  await expect(boundedFetch(`${base}/drip`, {}, { timeoutMs: 300 })).rejects.toMatchObject({ name: 'TimeoutError' })
  await expect.poll(() => drips.size).toBe(0)
})

test('a response over the size limit is refused, also if only its decompressed form is', async () => {
  for (const path of ['/long', '/bomb'])
    await expect(boundedFetch(base + path, {}, { maxBytes: 1_000 }), path).rejects.toThrow('longer than 1000 bytes')
})

test('a complete response is returned, and a redirect is not followed', async () => {
  expect(await (await boundedFetch(`${base}/whole`)).text()).toBe('whole')
  expect(await (await boundedFetch(`${base}/bomb`)).text()).toHaveLength(2_000)
  expect((await boundedFetch(`${base}/elsewhere`)).status).toBe(302)
})
