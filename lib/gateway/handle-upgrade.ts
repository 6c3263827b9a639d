/**
 * exec, attach and port-forward over WebSocket or SPDY. Must never let through: an upgrade of anything else, a body, a
 * protocol that the API server's streams do not speak, bytes before the API server has agreed. A refused upgrade ends its
 * connection, so nothing that follows in it can be taken for a request.
 */

import type { IncomingMessage } from 'node:http'
import https from 'node:https'
import type { Duplex } from 'node:stream'
import { type Admitted, admit, recheck } from './admit.ts'
import type { Exchange } from './exchange.ts'
import type { Gateway } from './gateway.ts'
import { asRefusal, noteAnswer, noteRefusal } from './handle-request.ts'
import { joinSockets, letGo } from './join-sockets.ts'
import type { OpenStream } from './open-streams.ts'
import { Refusal, renderRefusal } from './refusal.ts'
import { renderUpstream } from './render-upstream.ts'
import { readResponseHeaders } from './response-headers.ts'
import { describeFault, refuseAnswer } from './upstream-faults.ts'

const upgradable = new Set(['exec', 'attach', 'portforward'])
const agreeTimeoutMs = 30_000
const mostAnswerBytes = 64 * 1024

/** Upgrade header, lower case → what is sent upstream. */
const protocols: ReadonlyMap<string, string> = new Map([
  ['websocket', 'websocket'],
  ['spdy/3.1', 'SPDY/3.1'],
])

/** @returns whether a request is to be handled as an upgrade at all; others are ordinary requests (RFC 9110, section 7.8) */
export const isUpgrade = (request: IncomingMessage): boolean =>
  protocols.has((request.headers.upgrade ?? '').toLowerCase())

/** @param head what the client sent after its request; never rejects */
export async function handleUpgrade(
  gateway: Gateway,
  exchange: Exchange,
  request: IncomingMessage,
  client: Duplex,
  head: Buffer,
): Promise<void> {
  client.on('error', () => client.destroy())
  let code: number
  let intentId: string | undefined
  let over = () => {}
  let joined = false
  try {
    const admitted = await admit(gateway, exchange, request.rawHeaders)
    requireUpgradable(request, admitted)
    over = admitted.upstream.inFlight.take(admitted.access.person.id, 'stream')
    intentId = await gateway.trail.intent(exchange)
    const answer = await ask(request, exchange, admitted)
    code = answer.status
    const outcome = code === 101 || code < 400 ? 'ok' : code === 403 ? 'refused' : 'failed'
    await gateway.trail.outcome(exchange, intentId, {
      outcome,
      code,
      reason: outcome === 'ok' ? undefined : `cluster_${code}`,
    })
    if (answer.socket) {
      client.on('close', over)
      joined = !client.destroyed
      join(gateway, exchange, admitted, client, head, answer.socket, answer.start)
    } else letGo(client, answer.start)
  } catch (error) {
    const refusal = asRefusal(gateway, exchange, error)
    code = refusal.status
    if (intentId === undefined) noteRefusal(gateway, exchange, refusal)
    else {
      gateway.metrics.refused(refusal.key)
      await gateway.trail.outcome(exchange, intentId, { outcome: 'failed', code, reason: refusal.key })
    }
    const { headers, body } = renderRefusal(refusal, exchange.id)
    letGo(client, renderHead(code, 'Refused', [...headers, 'Connection', 'close']) + body)
  }
  if (!joined) over()
  noteAnswer(gateway, exchange, code)
}

function requireUpgradable(request: IncomingMessage, { target, decision }: Admitted): void {
  if (
    target.kind !== 'resource' ||
    target.resource !== 'pods' ||
    !upgradable.has(target.subresource) ||
    decision.as !== 'person'
  )
    throw new Refusal('bad_upgrade', 400, 'only exec, attach and port-forward can be upgraded')
  if (request.method !== 'GET' && request.method !== 'POST')
    throw new Refusal('bad_upgrade', 400, 'an upgrade is asked for by GET or POST')
  if (request.headers['transfer-encoding'] !== undefined || (request.headers['content-length'] ?? '0') !== '0')
    throw new Refusal('bad_upgrade', 400, 'an upgrade has no body')
}

type Answer = { status: number; socket?: Duplex; start: Buffer }

const renderHead = (status: number, text: string, headers: readonly string[]): string => {
  let head = `HTTP/1.1 ${status} ${text}\r\n`
  for (let at = 0; at + 1 < headers.length; at += 2) head += `${headers[at]}: ${headers[at + 1]}\r\n`
  return `${head}\r\n`
}

/** Asks the API server for the upgrade. Resolves to its 101 with the socket, or to its refusal as it goes to the client. */
function ask(request: IncomingMessage, exchange: Exchange, admitted: Admitted): Promise<Answer> {
  const { upstream, target } = admitted
  const { path, headers } = renderUpstream(exchange, admitted)
  const protocol = protocols.get((request.headers.upgrade ?? '').toLowerCase()) ?? ''
  const { promise, resolve, reject } = Promise.withResolvers<Answer>()
  const { host, port } = upstream.connection
  const authority = String(host).includes(':') ? `[${host}]:${port}` : `${host}:${port}`
  const asked = https.request({
    ...upstream.connection,
    method: target.method,
    path,
    // Without its length Node would send a POST in chunks, and their end into the stream.
    headers: [
      ...['Host', authority, ...headers, 'Connection', 'Upgrade', 'Upgrade', protocol],
      ...(target.method === 'POST' ? ['Content-Length', '0'] : []),
    ],
  })
  const timer = setTimeout(
    () => asked.destroy(Object.assign(new Error('no answer'), { code: 'UND_ERR_HEADERS_TIMEOUT' })),
    agreeTimeoutMs,
  )
  asked.on('error', (error) => {
    clearTimeout(timer)
    reject(describeFault(upstream.name, error))
  })
  asked.on('upgrade', (answer, socket, start) => {
    clearTimeout(timer)
    // It may end before it is joined, while the trail is written.
    socket.on('error', () => socket.destroy())
    const kept = readResponseHeaders(answer.headers, exchange.id)
    const head = renderHead(101, 'Switching Protocols', [...kept, 'Connection', 'Upgrade', 'Upgrade', protocol])
    resolve({ status: 101, socket, start: Buffer.concat([Buffer.from(head, 'latin1'), start]) })
  })
  asked.on('response', (answer) => {
    const status = answer.statusCode ?? 502
    const refusal = refuseAnswer(admitted, status)
    if (refusal) {
      clearTimeout(timer)
      asked.destroy()
      return reject(refusal)
    }
    const chunks: Buffer[] = []
    let size = 0
    answer.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= mostAnswerBytes) chunks.push(chunk)
      else answer.destroy()
    })
    answer.on('close', () => {
      clearTimeout(timer)
      const body = Buffer.concat(chunks)
      const { 'content-length': _length, ...rest } = answer.headers
      const kept = [
        ...readResponseHeaders(rest, exchange.id),
        'Content-Length',
        String(body.length),
        'Connection',
        'close',
      ]
      resolve({
        status,
        start: Buffer.concat([Buffer.from(renderHead(status, answer.statusMessage ?? '', kept), 'latin1'), body]),
      })
    })
  })
  asked.end()
  return promise
}

/** Two sockets become one, until either ends or access does. */
function join(
  gateway: Gateway,
  exchange: Exchange,
  admitted: Admitted,
  client: Duplex,
  head: Buffer,
  server: Duplex,
  start: Buffer,
): void {
  if (client.destroyed) return void server.destroy()
  if (server.destroyed) return void letGo(client, start)
  const stream: OpenStream = {
    hash: admitted.hash,
    recheck: recheck(gateway, admitted),
    cut(refusal) {
      if (client.destroyed) return
      gateway.metrics.refused(refusal.key)
      if (refusal.key !== 'stopping') gateway.trail.refused(exchange, refusal, true)
      client.destroy()
      server.destroy()
    },
  }
  // What has ended can't be cut any more, though its client may still be there.
  for (const event of ['end', 'close']) server.on(event, () => gateway.streams.remove(stream))
  client.on('close', () => gateway.streams.remove(stream))
  for (const socket of [client, server])
    if ('setNoDelay' in socket && typeof socket.setNoDelay === 'function') socket.setNoDelay(true)
  gateway.streams.add(stream, admitted.access)
  if (gateway.cache.epoch() !== exchange.epoch) gateway.streams.reread(admitted.hash)
  client.write(start)
  if (head.length > 0) server.write(head)
  joinSockets(client, server)
}
