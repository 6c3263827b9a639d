/**
 * exec, attach and port-forward over WebSocket or SPDY. Must never let through: an upgrade of anything else, a body, a
 * protocol that the API server's streams do not speak, bytes before the API server has agreed. A refused upgrade ends its
 * connection, so nothing that follows in it can be taken for a request.
 */

import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { takeTurn, takeTurnForPiece } from '#lib/gateway/connection/take-turn.ts'
import type { OpenStream } from '#lib/gateway/credential/open-streams.ts'
import { askUpgrade, renderHead, upgradeProtocols } from '#lib/gateway/upstream/ask-upgrade.ts'
import { joinSockets, letGo } from '#lib/gateway/upstream/join-sockets.ts'
import { type Admitted, admit, admitAgain, recheck } from './admit.ts'
import type { Exchange } from './exchange.ts'
import type { Gateway } from './gateway.ts'
import { asRefusal, noteAnswer, noteRefusal, settleRefused } from './handle-request.ts'
import { GatewayRefusal, renderRefusal } from './refusal.ts'
import { outcomeOf } from './trail.ts'

const upgradable = new Set(['exec', 'attach', 'portforward'])

/** @returns whether a request is to be handled as an upgrade at all; others are ordinary requests (RFC 9110, section 7.8) */
export const isUpgrade = (request: IncomingMessage): boolean =>
  upgradeProtocols.has((request.headers.upgrade ?? '').toLowerCase())

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
  let hadTurn = false
  try {
    let admitted = await admit(gateway, exchange, request.rawHeaders)
    requireUpgradable(request, admitted)
    hadTurn = true
    await takeTurn(gateway, exchange)
    over = await admitted.upstream.inFlight.take(admitted.access.person.id, 'stream')
    await gateway.limitChanges(admitted.access.person.id)
    intentId = await gateway.trail.intent(exchange)
    // Room and the trail may have been waited for.
    admitted = await admitAgain(gateway, exchange, admitted, false)
    const answer = await askUpgrade(request, exchange, admitted)
    code = answer.status
    await gateway.trail.outcome(exchange, intentId, outcomeOf(code))
    if (answer.socket) {
      client.on('close', over)
      joined = !client.destroyed
      join(gateway, exchange, admitted, intentId, client, head, answer.socket, answer.start)
    } else letGo(client, answer.start)
  } catch (error) {
    const refusal = asRefusal(gateway, exchange, error)
    code = refusal.status
    if (intentId === undefined) noteRefusal(gateway, exchange, refusal)
    else await settleRefused(gateway, exchange, intentId, refusal)
    if (!hadTurn) await takeTurn(gateway, exchange)?.catch(() => {})
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
    throw new GatewayRefusal('bad_upgrade', 400, 'only exec, attach and port-forward can be upgraded')
  if (request.method !== 'GET' && request.method !== 'POST')
    throw new GatewayRefusal('bad_upgrade', 400, 'an upgrade is asked for by GET or POST')
  if (request.headers['transfer-encoding'] !== undefined || (request.headers['content-length'] ?? '0') !== '0')
    throw new GatewayRefusal('bad_upgrade', 400, 'an upgrade has no body')
}

/** Two sockets become one, until either ends or access does. */
function join(
  gateway: Gateway,
  exchange: Exchange,
  admitted: Admitted,
  intentId: string,
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
  client.on('close', () => {
    gateway.streams.remove(stream)
    gateway.trail.streamEnded(exchange, intentId, {
      seconds: Math.round(gateway.monotonic() - joinedAt) / 1_000,
      bytesToPod: carried.toServer,
      bytesFromPod: carried.toClient,
    })
  })
  for (const socket of [client, server])
    if ('setNoDelay' in socket && typeof socket.setNoDelay === 'function') socket.setNoDelay(true)
  gateway.streams.add(stream, admitted.access)
  if (gateway.cache.epoch() !== exchange.epoch) gateway.streams.reread(admitted.hash)
  client.write(start)
  if (head.length > 0) server.write(head)
  const joinedAt = gateway.monotonic()
  const carried = joinSockets(client, server, () => takeTurnForPiece(gateway, exchange))
}
