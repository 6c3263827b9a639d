import type { IncomingMessage, ServerResponse } from 'node:http'
import { takeTurn, takeTurnBehind, takeTurnForPiece } from '#lib/gateway/connection/take-turn.ts'
import { nameFromBody } from '#lib/gateway/request/name-from-body.ts'
import { answerRightsReview, rightsReviewOf } from '#lib/gateway/request/own-rights-review.ts'
import { forward } from '#lib/gateway/upstream/forward.ts'
import { admit, admitAgain } from './admit.ts'
import { type Exchange, needsIntent, spokenVerb } from './exchange.ts'
import type { Gateway } from './gateway.ts'
import { answerRefusal, GatewayRefusal } from './refusal.ts'

/** A request that is no upgrade, from the first look at it to the end of its answer. Never rejects. */
export async function handleRequest(
  gateway: Gateway,
  exchange: Exchange,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  let code: number
  let over = () => {}
  let release = () => {}
  let intentId: string | undefined
  let hadTurn = false
  try {
    const ahead = takeTurnBehind(gateway, exchange)
    if (ahead) await ahead
    let admitted = await admit(gateway, exchange, request.rawHeaders)
    const { target, upstream } = admitted
    const personId = admitted.access.person.id
    const endless = target.kind === 'resource' && target.endless
    gateway.connections.trust(request.socket)
    hadTurn = true
    const turn = takeTurn(gateway, exchange)
    if (turn) await turn
    // A body on its way holds no connection to the API server, nor a place among those that do.
    const held = await gateway.readBody(request, personId, () => takeTurnForPiece(gateway, exchange))
    release = held.release
    over = await upstream.inFlight.take(personId, endless ? 'stream' : 'request')
    const { body } = held
    const review = rightsReviewOf(target)
    if (body !== null) {
      exchange.createdName = nameFromBody(target, body)
      admitted = await admitAgain(gateway, exchange, admitted, review !== undefined)
    }
    if (needsIntent(target)) {
      await gateway.limitChanges(personId)
      intentId = await gateway.trail.intent(exchange)
    }
    // The turn, room and the trail may have been waited for.
    admitted = await admitAgain(gateway, exchange, admitted, false)
    if (review) code = await answerRightsReview(gateway, exchange, admitted, response, review, body)
    else code = await forward(gateway, exchange, admitted, response, body, intentId)
  } catch (error) {
    const refusal = asRefusal(gateway, exchange, error)
    code = refusal.status
    if (intentId === undefined) noteRefusal(gateway, exchange, refusal)
    else await settleRefused(gateway, exchange, intentId, refusal)
    if (!hadTurn) await takeTurn(gateway, exchange)?.catch(() => {})
    if (!gateway.connections.isTrusted(request.socket)) response.shouldKeepAlive = false
    answerRefusal(response, refusal, exchange.id)
  } finally {
    release()
    over()
  }
  noteAnswer(gateway, exchange, code)
}

/** @returns what the person is told of anything that was thrown; a bug is logged under the request's id */
export function asRefusal(gateway: Gateway, exchange: Exchange, error: unknown): GatewayRefusal {
  if (error instanceof GatewayRefusal) return error
  gateway.log.error({ error, requestId: exchange.id }, 'a request failed unexpectedly')
  return new GatewayRefusal(
    'internal',
    500,
    `something went wrong in the gateway; its log tells more under ${exchange.id}`,
  )
}

/** Tells the trail that what it was told of first was not done. */
export async function settleRefused(
  gateway: Gateway,
  exchange: Exchange,
  intentId: string,
  refusal: GatewayRefusal,
): Promise<void> {
  gateway.metrics.refused(refusal.key)
  const outcome = refusal.status === 401 || refusal.status === 403 ? 'refused' : 'failed'
  await gateway.trail.outcome(exchange, intentId, { outcome, code: refusal.status, reason: refusal.key })
}

/** Counts a refusal, logs it and puts it into the trail. */
export function noteRefusal(gateway: Gateway, exchange: Exchange, refusal: GatewayRefusal): void {
  gateway.metrics.refused(refusal.key)
  // Of strangers, and of who does too much, there may be any number.
  const level = exchange.access === undefined || refusal.status === 429 ? 'debug' : 'info'
  gateway.log[level](
    {
      requestId: exchange.id,
      reason: refusal.key,
      person: exchange.access?.person.handle,
      source: exchange.source,
      ...(refusal.cause !== undefined && { error: refusal.cause }),
    },
    'refused',
  )
  if (refusal.key !== 'trail_unavailable' && refusal.key !== 'access_changed') gateway.trail.refused(exchange, refusal)
}

/** Counts and times an answer. */
export function noteAnswer(gateway: Gateway, exchange: Exchange, code: number): void {
  const { target } = exchange
  const streamed = exchange.upgrade || (target?.kind === 'resource' && target.endless)
  const seconds = (gateway.monotonic() - exchange.startedAt) / 1_000
  gateway.metrics.answered(spokenVerb(target), code, streamed ? undefined : seconds)
  if (gateway.log.isLevelEnabled('debug'))
    gateway.log.debug(
      {
        requestId: exchange.id,
        person: exchange.access?.person.handle,
        method: exchange.method,
        path: target?.path,
        cluster: target?.cluster,
        code,
        seconds,
      },
      'answered',
    )
}
