/**
 * Replaces the node's kubelet: answers exec from a simulated container, and forwards everything else to kwok. Must
 * answer no one but the API server.
 */
import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Agent, request as ask, createServer } from 'node:https'
import type { Duplex } from 'node:stream'
import { connect, TLSSocket } from 'node:tls'
import { execProtocol, parseExecUrl, serveExec } from './exec-session.ts'
import { createFileStore, type Files } from './files.ts'

export type ExecServer = { port: number; stop: () => Promise<void> }

type Options = {
  ca: Buffer
  server: { cert: Buffer; key: Buffer }
  /** The name in the API server's certificate. */
  clientName: string
  kwokPort: number
}

const host = '127.0.0.1'

/** Listens on a free port of 127.0.0.1. */
export async function startExecServer({ ca, server: own, clientName, kwokPort }: Options): Promise<ExecServer> {
  const kwok = { host, port: kwokPort, ca }
  const agent = new Agent({ ca, keepAlive: true })
  const filesOf = createFileStore()
  const sockets = new Set<Duplex>()
  const server = createServer({ ...own, ca, requestCert: true, rejectUnauthorized: true, requestTimeout: 0 })

  /** The authority signs more certificates than the API server's. */
  const isApiServer = ({ socket }: IncomingMessage) =>
    socket instanceof TLSSocket && socket.authorized && socket.getPeerCertificate().subject.CN === clientName

  server.on('secureConnection', (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  server.on('request', (request, response) => {
    if (isApiServer(request)) handOn(request, response, { ...kwok, agent })
    else response.writeHead(403).end()
  })
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy())
    if (!isApiServer(request)) socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n')
    else answerUpgrade(request, socket, head, filesOf, kwok)
  })
  server.listen({ port: 0, host, exclusive: true })
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the exec server has no port')
  return {
    port: address.port,
    stop: async () => {
      const closed = new Promise((resolve) => server.close(resolve))
      for (const socket of sockets) socket.destroy()
      agent.destroy()
      await closed
    },
  }
}

type Kwok = { host: string; port: number; ca: Buffer }

function handOn(request: IncomingMessage, response: ServerResponse, kwok: Kwok & { agent: Agent }): void {
  const { method, url, headers } = request
  const asked = ask({ ...kwok, method, path: url, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers)
    // A streaming response, such as a log, must not wait for its first line.
    response.flushHeaders()
    answer.on('error', () => response.destroy()).pipe(response)
  })
  asked.on('error', () => (response.headersSent ? response.destroy() : response.writeHead(502).end()))
  response.on('close', () => asked.destroy())
  request.pipe(asked)
}

function answerUpgrade(
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  filesOf: (pod: string) => Files,
  kwok: Kwok,
): void {
  const question = isSpdy(request) ? parseExecUrl(request.url ?? '') : undefined
  if (question === undefined) tunnel(request, socket, head, kwok)
  else {
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\nX-Stream-Protocol-Version: ${execProtocol}\r\n\r\n`,
    )
    if (head.length > 0) socket.unshift(head)
    // An error needs no handling: it ends its connection.
    serveExec(question, filesOf(`${question.namespace}/${question.pod}`), socket).catch(() => socket.destroy())
  }
}

/** The API server translates WebSocket into SPDY unless a node supports it directly. */
function isSpdy({ headers }: IncomingMessage): boolean {
  const offered = [headers['x-stream-protocol-version'] ?? []].flat().flatMap((value) => value.split(/\s*,\s*/))
  return headers.upgrade?.toLowerCase() === 'spdy/3.1' && offered.includes(execProtocol)
}

function tunnel(request: IncomingMessage, socket: Duplex, head: Buffer, kwok: Kwok): void {
  const { method, url, rawHeaders } = request
  const lines = [`${method} ${url} HTTP/1.1`]
  for (let at = 0; at < rawHeaders.length; at += 2) lines.push(`${rawHeaders[at]}: ${rawHeaders[at + 1]}`)
  const upstream = connect(kwok, () => {
    upstream.write(`${lines.join('\r\n')}\r\n\r\n`)
    upstream.write(head)
    socket.pipe(upstream).pipe(socket)
  })
  upstream.on('error', () => socket.destroy())
  upstream.on('close', () => socket.destroy())
  socket.on('close', () => upstream.destroy())
}
