/**
 * TLS and HTTP/1.1 for clients. Must never accept a message that two parsers could frame differently (Node's strict
 * parser), a client that is slow forever, or unlimited headers or connections.
 */
import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import https from 'node:https'
import type { Duplex } from 'node:stream'
import { TLSSocket } from 'node:tls'
import { createMalformedMessages } from '#lib/gateway/connection/malformed-message.ts'
import { onlyHttp1 } from '#lib/gateway/connection/only-http1.ts'
import { createUnansweredRequests, maxAnswerMs } from '#lib/gateway/connection/unanswered-requests.ts'
import { isHandshake, WebSocketResponse } from '#lib/gateway/connection/websocket-response.ts'
import { parseTarget } from '#lib/gateway/target/parse-target.ts'
import { isUpgrade } from '#lib/gateway/upstream/pass-upgrade.ts'
import { sourceKey } from '#lib/kernel/model/people/source-key.ts'
import type { Certificate } from '#lib/tls/certificate.ts'
import type { Exchange } from './exchange.ts'
import type { Gateway } from './gateway.ts'
import { answerAlive } from './health.ts'
import { answerRefusal, GatewayRefusal } from './refusal.ts'
import { handle } from './steps.ts'

const addressOf = (socket: Duplex | null): string =>
  (socket instanceof TLSSocket ? (socket.remoteAddress ?? 'unknown') : 'unknown').replace(/^::ffff:(?=\d+\.)/i, '')

function begin(gateway: Gateway, request: IncomingMessage, upgrade: boolean, behind: number): Exchange {
  return {
    id: randomUUID(),
    method: request.method ?? '',
    url: request.url ?? '',
    rawHeaders: request.rawHeaders,
    source: addressOf(request.socket),
    upgrade,
    behind,
    startedAt: gateway.monotonic(),
  }
}

/**
 * Node's parser accepts versions other than HTTP/1, and transfer codings that it doesn't decode (RFC 9112, sections 2.3
 * and 6.1). An HTTP/1.0 proxy in front may see the end of a coded body elsewhere.
 * @returns why a request is ambiguous
 */
function findFramingFault({ httpVersion, headers }: IncomingMessage): string | undefined {
  if (httpVersion !== '1.1' && httpVersion !== '1.0') return 'the gateway speaks HTTP/1.1'
  const coding = headers['transfer-encoding']
  if (coding === undefined) return undefined
  if (httpVersion === '1.0') return 'HTTP/1.0 does not support Transfer-Encoding'
  return coding.toLowerCase() === 'chunked' ? undefined : 'the only supported Transfer-Encoding is chunked'
}

/** @returns what a request reads over WebSocket; undefined: not such a request */
function readOverWebSocket(request: IncomingMessage): 'watch' | 'log' | undefined {
  if (!isHandshake(request)) return undefined
  try {
    const target = parseTarget(request.method ?? '', request.url ?? '')
    if (target.kind !== 'resource') return undefined
    if (target.resource === 'pods' && target.subresource === 'log') return 'log'
    return target.verb === 'watch' ? 'watch' : undefined
  } catch {
    // The steps refuse it.
    return undefined
  }
}

const secure = ({ cert, key }: Certificate) => ({ cert, key, minVersion: 'TLSv1.2' as const })

/** Open connections continue. */
export const useCertificate = (server: https.Server, certificate: Certificate): void =>
  server.setSecureContext(secure(certificate))

export type GatewayServer = {
  https: https.Server
  /** From now on each answer ends its connection, so that clients reconnect to another process. */
  leave(): void
  /**
   * Accepts no new connections, and ends each open one after its current answer.
   * @returns once all have ended
   */
  drain(): Promise<void>
}

/** Limits what a client can send, and for how long. */
function createStrictServer(certificate: Certificate): https.Server {
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
    // Nothing is read before the handshake begins.
    pauseOnConnect: true,
    optimizeEmptyRequests: true,
    shouldUpgradeCallback: (request) => request.httpVersion === '1.1' && isUpgrade(request),
  })
  server.maxHeadersCount = 256
  // As an option, Node would turn it into a Uint8Array, which only-http1.ts avoids.
  Object.assign(server, { ALPNProtocols: onlyHttp1 })
  return server
}

/** Delays Node's own handling of a new connection until that connection's turn. */
function takeTurns(server: https.Server, gateway: Gateway): void {
  const begins = server.listeners('connection')
  server.removeAllListeners('connection')
  server.on('connection', (socket) =>
    gateway.connections.admit(socket, () => {
      for (const begin of begins) Reflect.apply(begin, server, [socket])
    }),
  )
}

export function createServer(gateway: Gateway, certificate: Certificate): GatewayServer {
  const server = createStrictServer(certificate)
  takeTurns(server, gateway)
  let isLeaving = false
  const refused = () => gateway.metrics.refused('protocol')
  const unanswered = createUnansweredRequests((socket) => {
    refused()
    gateway.share.chargeFlood(sourceKey(addressOf(socket)))
  }, maxAnswerMs)
  const refuseMalformed = createMalformedMessages(unanswered, refused)

  function refuseProtocol(response: ServerResponse, status: number, why: string): void {
    refused()
    response.shouldKeepAlive = false
    answerRefusal(response, new GatewayRefusal('bad_header', status, why), randomUUID())
  }

  /** @param awaitsContinue the client waits for a 100 before it sends the body */
  function receive(request: IncomingMessage, response: ServerResponse, awaitsContinue: boolean): void {
    response.on('error', () => response.destroy())
    if (!unanswered.begin(response)) return
    const fault = findFramingFault(request)
    if (fault !== undefined) {
      refuseProtocol(response, 400, fault)
      return
    }
    if (request.method === 'GET' && request.url === '/healthz') {
      // A retry needs another connection, and connections take turns.
      response.shouldKeepAlive = false
      answerAlive(response)
      return
    }
    // Node has dropped whatever followed an ignored upgrade in the same packet.
    if (request.headers.upgrade !== undefined) response.shouldKeepAlive = false
    if (isLeaving) response.shouldKeepAlive = false
    const behind = unanswered.count(request.socket) - 1
    const askForBody = () => awaitsContinue && response.writeContinue()
    void handle(gateway, begin(gateway, request, false, behind), { request, response, askForBody })
  }
  server.on('request', (request, response) => receive(request, response, false))
  // Node would ask any unauthenticated client for the body.
  server.on('checkContinue', (request, response) => receive(request, response, true))
  // Node would answer on its own, and as often as the client likes.
  server.on('checkExpectation', (_request, response) => {
    if (unanswered.begin(response)) refuseProtocol(response, 417, 'the only supported expectation is 100-continue')
  })
  server.on('upgrade', (request, client, head) => {
    client.on('error', () => client.destroy())
    const read = readOverWebSocket(request)
    if (read === undefined) void handle(gateway, begin(gateway, request, true, 0), { request, client, head })
    else {
      client.unshift(head)
      const response = new WebSocketResponse(request, client, read)
      void handle(gateway, begin(gateway, request, false, 0), { request, response })
    }
  })
  server.on('clientError', refuseMalformed)
  // When the server closes, Node calls this, and treats a connection as idle even if a slow client still lacks the end
  // of an answer.
  server.closeIdleConnections = () => {
    for (const socket of unanswered.idle()) socket.destroy()
  }
  const leave = () => {
    isLeaving = true
    for (const response of unanswered.all()) {
      response.shouldKeepAlive = false
      const { socket } = response.req
      // The head has promised the client that the connection stays open.
      if (response.headersSent) response.on('close', () => unanswered.count(socket) > 0 || socket.end())
    }
  }
  return {
    https: server,
    leave,
    drain() {
      const ended = new Promise<void>((resolve) => void server.close(() => resolve()))
      leave()
      return ended
    },
  }
}
