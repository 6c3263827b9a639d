import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import net from 'node:net'
import { expect, test, vi } from 'vitest'
import { createUnansweredRequests } from './unanswered-requests.ts'

async function serve(answer: (url: string, response: ServerResponse) => void) {
  const onTooMany = vi.fn()
  const unanswered = createUnansweredRequests(onTooMany, 300)
  const server = createServer((request, response) => {
    if (unanswered.begin(response)) answer(request.url ?? '', response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const socket = net.connect(typeof address === 'object' && address ? address.port : 0, '127.0.0.1')
  socket.on('error', () => {})
  return { server, socket, onTooMany }
}
const get = (url: string) => `GET ${url} HTTP/1.1\r\nHost: x\r\n\r\n`

test('a connection with requests queued behind an endless one is closed', async () => {
  const { server, socket } = await serve((url, response) => {
    if (url === '/watch') response.writeHead(200).flushHeaders()
    else response.end('x')
  })
  socket.write(get('/watch') + get('/one').repeat(20))
  await once(socket.resume(), 'close')
  server.close()
})

test('a connection with one long answer, or with many answered requests, stays open', async () => {
  const { server, socket } = await serve((url, response) => {
    if (url === '/watch') response.writeHead(200).flushHeaders()
    else response.end('x')
  })
  let closed = false
  socket.on('close', () => {
    closed = true
  })
  socket.resume().write(get('/one').repeat(20) + get('/watch'))
  await new Promise((resolve) => setTimeout(resolve, 600))
  expect(closed).toBe(false)
  socket.destroy()
  server.closeAllConnections()
  server.close()
})

test('a connection that sends many requests before their answers is closed, and the rest are dropped', async () => {
  const urls: string[] = []
  const { server, socket, onTooMany } = await serve((url) => urls.push(url))
  socket.resume().write(get('/one').repeat(500))
  await once(socket, 'close')
  expect(urls).toHaveLength(32)
  expect(onTooMany).toHaveBeenCalledOnce()
  server.close()
})

test('a connection is closed when an answer is abandoned behind an endless one', async () => {
  const { server, socket } = await serve((url, response) => {
    response.writeHead(200).write('x')
    if (url === '/slow') setTimeout(() => response.destroy(), 50)
  })
  let closed = false
  socket.on('close', () => {
    closed = true
  })
  socket.resume().write(get('/watch') + get('/slow'))
  await vi.waitFor(() => expect(closed).toBe(true), 10_000)
  server.close()
})
