/**
 * exec, attach and port-forward over WebSocket or SPDY. Must never let through: any other upgrade, a body, another
 * protocol, bytes before the API server has agreed. A refused upgrade ends its connection, so no later bytes can be
 * taken for a request.
 */
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { type AdmittedRequest, recheck } from '#lib/gateway/admit.ts'
import { takeTurnForPiece } from '#lib/gateway/connection/take-turn.ts'
import type { OpenStream } from '#lib/gateway/credential/open-streams.ts'
import type { Gateway } from '#lib/gateway/gateway.ts'
import { GatewayRefusal, renderRefusal } from '#lib/gateway/refusal.ts'
import { outcomeOf } from '#lib/gateway/trail/outcome-writer.ts'
import { askUpgrade, renderHead, upgradeProtocols } from './ask-upgrade.ts'
import { endSocket, joinSockets } from './join-sockets.ts'
import type { UpstreamRequest } from './render-request.ts'

const upgradable = new Set(['exec', 'attach', 'portforward'])

/** `head`: sent by the client after its request. */
export type UpgradeWire = { request: IncomingMessage; client: Duplex; head: Buffer }

/** @returns whether to handle a request as an upgrade; others are ordinary requests (RFC 9110, section 7.8) */
export const isUpgrade = (request: IncomingMessage): boolean =>
  upgradeProtocols.has((request.headers.upgrade ?? '').toLowerCase())

/** @throws GatewayRefusal bad_upgrade */
export function requireUpgradable(request: IncomingMessage, { target, decision }: AdmittedRequest): void {
  if (
    target.kind !== 'resource' ||
    target.resource !== 'pods' ||
    !upgradable.has(target.subresource) ||
    decision.as !== 'person'
  )
    throw new GatewayRefusal('bad_upgrade', 400, 'only exec, attach and port-forward can be upgraded')
  if (request.method !== 'GET' && request.method !== 'POST')
    throw new GatewayRefusal('bad_upgrade', 400, 'an upgrade must be a GET or POST request')
  if (request.headers['transfer-encoding'] !== undefined || (request.headers['content-length'] ?? '0') !== '0')
    throw new GatewayRefusal('bad_upgrade', 400, 'an upgrade cannot have a body')
}

/**
 * Joins the two sockets once the outcome of the upgrade is durable.
 * @param onJoined called when the stream begins
 * @returns the status code of the answer
 * @throws GatewayRefusal when there is no answer to pass on
 */
export async function passUpgrade(
  gateway: Gateway,
  admitted: AdmittedRequest,
  outgoing: UpstreamRequest,
  { request, client, head }: UpgradeWire,
  intentId: string | undefined,
  onJoined: () => void,
): Promise<number> {
  if (intentId === undefined) throw new Error('an upgrade without an intent in the trail')
  const answer = await askUpgrade(request, admitted, outgoing)
  await gateway.trail.outcome(admitted, intentId, outcomeOf(answer.status, answer.refusal))
  if (answer.socket) {
    onJoined()
    join(gateway, admitted, intentId, { client, head }, { server: answer.socket, start: answer.start })
  } else endSocket(client, answer.start)
  return answer.status
}

export function refuseUpgrade(client: Duplex, refusal: GatewayRefusal, requestId: string): void {
  const { headers, body } = renderRefusal(refusal, requestId)
  endSocket(client, renderHead(refusal.status, 'Refused', [...headers, 'Connection', 'close']) + body)
}

/** `head` and `start` are what each side has already sent. */
function join(
  gateway: Gateway,
  admitted: AdmittedRequest,
  intentId: string,
  { client, head }: { client: Duplex; head: Buffer },
  { server, start }: { server: Duplex; start: Buffer },
): void {
  if (client.destroyed) return void server.destroy()
  if (server.destroyed) return void endSocket(client, start)
  const stream: OpenStream = {
    place: -1,
    hash: admitted.hash,
    endless: true,
    recheck: recheck(gateway, admitted),
    cut(refusal) {
      if (client.destroyed) return
      gateway.metrics.refused(refusal.key)
      if (refusal.key !== 'stopping') gateway.trail.refused(admitted, refusal, true)
      client.destroy()
      server.destroy()
    },
  }
  // A finished stream can no longer be cut, even if its client is still connected.
  for (const event of ['end', 'close']) server.on(event, () => gateway.streams.remove(stream))
  client.on('close', () => {
    gateway.streams.remove(stream)
    gateway.trail.streamEnded(admitted, intentId, {
      seconds: Math.round(gateway.monotonic() - joinedAt) / 1_000,
      bytesToPod: carried.toServer,
      bytesFromPod: carried.toClient,
    })
  })
  for (const socket of [client, server])
    if ('setNoDelay' in socket && typeof socket.setNoDelay === 'function') socket.setNoDelay(true)
  gateway.streams.add(stream, admitted.access)
  if (gateway.cache.epoch() !== admitted.epoch) gateway.streams.reread(admitted.hash)
  client.write(start)
  if (head.length > 0) server.write(head)
  const joinedAt = gateway.monotonic()
  const carried = joinSockets(client, server, () => takeTurnForPiece(gateway, admitted))
}
