/**
 * TLS and HTTP/1.1 towards the client. Must never accept: a message that two parsers could frame differently (Node's
 * strict parser), a client that is slow for ever, headers or connections without end.
 */
import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import https from 'node:https'
import type { Duplex } from 'node:stream'
import { TLSSocket } from 'node:tls'
import type { Certificate } from './certificate.ts'
import type { Exchange } from './exchange.ts'
import type { Gateway } from './gateway.ts'
import { handleRequest } from './handle-request.ts'
import { handleUpgrade, isUpgrade } from './handle-upgrade.ts'
import { letGo } from './join-sockets.ts'
import { Refusal, renderRefusal } from './refusal.ts'

const mostConnections = 20_000

type Health = (url: string, response: ServerResponse) => Promise<boolean>

const addressOf = (socket: Duplex | null): string =>
  (socket instanceof TLSSocket ? (socket.remoteAddress ?? 'unknown') : 'unknown').replace(/^::ffff:(?=\d+\.)/i, '')

function begin(gateway: Gateway, request: IncomingMessage, upgrade: boolean): Exchange {
  return {
    id: randomUUID(),
    method: request.method ?? '',
    url: request.url ?? '',
    source: addressOf(request.socket),
    upgrade,
    startedAt: gateway.monotonic(),
    forward: [],
    epoch: -1,
  }
}

const secure = ({ cert, key }: Certificate) => ({ cert, key, minVersion: 'TLSv1.2' as const })

/** From now on new connections get this certificate; those that are open live on. */
export const useCertificate = (server: https.Server, certificate: Certificate): void =>
  server.setSecureContext(secure(certificate))

export function createServer(gateway: Gateway, health: Health, certificate: Certificate): https.Server {
  const server = https.createServer({
    ...secure(certificate),
    ALPNProtocols: ['http/1.1'],
    handshakeTimeout: 10_000,
    insecureHTTPParser: false,
    // Checked in request-headers.ts, which answers with a Status.
    requireHostHeader: false,
    maxHeaderSize: 64 * 1024,
    headersTimeout: 15_000,
    requestTimeout: 60_000,
    keepAliveTimeout: 90_000,
    connectionsCheckingInterval: 5_000,
    keepAlive: true,
    keepAliveInitialDelay: 30_000,
    noDelay: true,
    optimizeEmptyRequests: true,
    shouldUpgradeCallback: isUpgrade,
  })
  server.maxConnections = mostConnections
  server.maxHeadersCount = 256

  async function answerOwnPath(url: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      if (!(await health(url, response)))
        await handleRequest(gateway, begin(gateway, request, false), request, response)
    } catch (error) {
      gateway.log.error({ error }, 'a health check failed')
      response.destroy()
    }
  }

  server.on('request', (request, response) => {
    response.on('error', () => response.destroy())
    const { url = '' } = request
    if (request.method === 'GET' && !url.startsWith('/clusters/')) void answerOwnPath(url, request, response)
    else void handleRequest(gateway, begin(gateway, request, false), request, response)
  })
  server.on('upgrade', (request, socket, head) => {
    void handleUpgrade(gateway, begin(gateway, request, true), request, socket, head)
  })
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    // It has been told already; what else comes of a broken message is dropped.
    if (socket.writableEnded && !socket.destroyed) return
    if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
    gateway.metrics.refused('protocol')
    const refusal =
      error.code === 'HPE_HEADER_OVERFLOW'
        ? new Refusal('bad_header', 431, 'the request’s header is too large')
        : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
          ? new Refusal('bad_header', 408, 'the request took too long to arrive')
          : new Refusal('bad_header', 400, 'the request is not well-formed HTTP/1.1')
    const { headers, body } = renderRefusal(refusal, randomUUID())
    const lines = ['HTTP/1.1 ', String(refusal.status), ' Refused\r\n']
    for (let at = 0; at + 1 < headers.length; at += 2) lines.push(`${headers[at]}: ${headers[at + 1]}\r\n`)
    letGo(socket, `${lines.join('')}Connection: close\r\n\r\n${body}`)
  })
  return server
}
