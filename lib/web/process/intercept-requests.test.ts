import { once } from 'node:events'
import { createServer } from 'node:http'
import { connect } from 'node:net'
import { expect, test } from 'vitest'
import { interceptRequests } from './intercept-requests.ts'

test('a body is requested only after the head is accepted', async () => {
  interceptRequests((request, response) => {
    if (request.url !== '/refused') return true
    response.writeHead(413, { connection: 'close' }).end()
    return false
  })
  const server = createServer((request, response) => {
    request.resume()
    request.on('end', () => response.writeHead(204, { connection: 'close' }).end())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const post = async (path: string) => {
    const socket = connect(port, '127.0.0.1')
    let said = ''
    socket.on('data', (chunk) => {
      said += String(chunk)
      if (/^HTTP\/1\.1 100/.test(said)) socket.write('body')
    })
    socket.on('error', () => {})
    socket.write(`POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n`)
    await once(socket, 'close')
    return [...said.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => Number(status))
  }
  try {
    expect(await post('/refused')).toEqual([413])
    expect(await post('/accepted')).toEqual([100, 204])
    expect(await post('/refused')).toEqual([413])
  } finally {
    server.close()
  }
})
