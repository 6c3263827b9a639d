/** Sends an admitted request upstream and streams the answer back, with back-pressure both ways and an end to every wait. */
import type { ServerResponse } from 'node:http'
import type { Dispatcher } from 'undici'
import { type Admitted, recheck } from '#lib/gateway/admit.ts'
import { takeTurnForPiece } from '#lib/gateway/connection/take-turn.ts'
import type { OpenStream } from '#lib/gateway/credential/open-streams.ts'
import { type Exchange, readsSecrets } from '#lib/gateway/exchange.ts'
import type { Gateway } from '#lib/gateway/gateway.ts'
import { answerRefusal, GatewayRefusal } from '#lib/gateway/refusal.ts'
import { type Rewriting, rewritingOf } from '#lib/gateway/request/answer-rewriting.ts'
import { createNameReader, type NameReader } from '#lib/gateway/request/name-from-answer.ts'
import { readResponseHeaders } from '#lib/gateway/request/response-headers.ts'
import { renderErrorEvent } from '#lib/gateway/request/watch-events.ts'
import type { Outcome } from '#lib/gateway/trail.ts'
import { createAnswerWriter } from './answer-writer.ts'
import { renderUpstream } from './render-upstream.ts'
import { describeFault, refuseAnswer } from './upstream-faults.ts'

/** The API server itself ends what is not a stream after 60 s. */
const answerTimeoutMs = 70_000

/**
 * @param intentId the intent whose outcome has to be durable before the answer ends; undefined for reads
 * @returns the status code of the answer, once it has ended
 */
export function forward(
  gateway: Gateway,
  exchange: Exchange,
  admitted: Admitted,
  response: ServerResponse,
  body: Buffer | null,
  intentId: string | undefined,
): Promise<number> {
  const { target, access, hash, upstream } = admitted
  const { path, headers } = renderUpstream(exchange, admitted)
  if (response.destroyed && intentId === undefined) return Promise.resolve(499)
  const endless = target.kind === 'resource' && target.endless
  const { promise, resolve } = Promise.withResolvers<number>()
  let controller: Dispatcher.DispatchController | undefined
  let answered = 0
  let ended = false
  let rewriting: Rewriting | undefined
  let naming: NameReader | undefined
  const writer = createAnswerWriter(response, gateway.monotonic, () => takeTurnForPiece(gateway, exchange))
  const stream: OpenStream = { hash, recheck: recheck(gateway, admitted), cut }

  function finish(code: number): void {
    if (ended) return
    ended = true
    writer.leave()
    if (intentId === undefined) gateway.streams.remove(stream)
    resolve(code)
  }

  async function settle(outcome: Outcome): Promise<void> {
    if (intentId !== undefined) await gateway.trail.outcome(exchange, intentId, outcome)
  }

  function refuse(refusal: GatewayRefusal): void {
    if (ended) return
    gateway.metrics.refused(refusal.key)
    void settle({ outcome: 'failed', code: refusal.status, reason: refusal.key }).then(() => {
      answerRefusal(response, refusal, exchange.id)
      finish(refusal.status)
    })
  }

  function cut(refusal: GatewayRefusal): void {
    if (ended) return
    gateway.metrics.refused(refusal.key)
    if (refusal.key !== 'access_changed' && refusal.key !== 'stopping') gateway.trail.refused(exchange, refusal, true)
    // A watch learns why, as an event; anything else ends with its connection, so that it is never taken for complete.
    if (response.headersSent && rewriting?.atBoundary() && !response.writableNeedDrain)
      response.end(renderErrorEvent(rewriting.format, refusal))
    else answerRefusal(response, refusal, exchange.id)
    finish(refusal.status)
    controller?.abort(refusal)
  }

  /** An answer that can't be read is none: the client sees that it was broken off. */
  function attempt(given: Dispatcher.DispatchController, rewrite: () => Buffer | undefined): Buffer | undefined {
    try {
      return rewrite()
    } catch (error) {
      gateway.log.error({ error, requestId: exchange.id }, 'an answer of the API server can’t be read')
      response.destroy()
      finish(502)
      given.abort(new Error('the answer can’t be read', { cause: error }))
      return undefined
    }
  }

  response.on('close', () => {
    if (response.writableFinished) return
    // A change goes on upstream when its client has left: what came of it belongs into the trail.
    if (intentId !== undefined) {
      writer.leave()
      controller?.resume()
      return
    }
    finish(499)
    controller?.abort(new Error('the client has left'))
  })

  const handler: Dispatcher.DispatchHandler = {
    onRequestStart(given) {
      controller = given
      if (ended) given.abort(new Error('the client has left'))
    },
    onResponseStart(given, status, headers) {
      const refusal = refuseAnswer(admitted, status)
      if (refusal) {
        refuse(refusal)
        given.abort(refusal)
        return
      }
      answered = status
      if (status === 403 && intentId === undefined)
        gateway.trail.refused(exchange, { key: 'cluster_403', status, message: 'the API server refused it' })
      if (status < 300 && readsSecrets(target)) gateway.trail.secretsRead(exchange, status)
      rewriting = rewritingOf(admitted, status, headers)
      naming = createNameReader(target, status, headers)
      const sized = headers['content-length'] !== undefined && rewriting === undefined
      // What is rewritten has another length.
      const kept = rewriting ? { ...headers, 'content-length': undefined } : headers
      writer.head({ status, fields: readResponseHeaders(kept, exchange.id), sized })
      if (endless) writer.flush()
    },
    onResponseData(given, chunk) {
      if (ended) return
      naming?.onData(chunk)
      const piece = rewriting ? attempt(given, () => rewriting?.onData(chunk)) : chunk
      if (!piece) return
      if (endless) writer.write(piece, given)
      else writer.hold(piece, given)
    },
    onResponseEnd(given) {
      if (ended) return
      const last = attempt(given, () => rewriting?.onEnd())
      if (ended) return
      if (last) writer.hold(last, given)
      exchange.createdName = naming?.name() ?? exchange.createdName
      const code = answered
      const outcome = code < 400 ? 'ok' : code === 401 || code === 403 ? 'refused' : 'failed'
      const done = () => {
        writer.end()
        finish(code)
      }
      if (intentId === undefined) done()
      else void settle({ outcome, code, reason: outcome === 'ok' ? undefined : `cluster_${code}` }).then(done)
    },
    onResponseError(_controller, error) {
      if (ended) return
      if (error instanceof GatewayRefusal) return
      if (answered === 0 && !response.destroyed) return refuse(describeFault(upstream.name, error))
      void settle({ outcome: 'failed', code: answered, reason: 'answer_incomplete' }).then(() => {
        response.destroy()
        finish(answered || 499)
      })
    },
  }

  if (intentId === undefined) {
    gateway.streams.add(stream, access)
    // A notice came between the decision and now: look again.
    if (gateway.cache.epoch() !== exchange.epoch) gateway.streams.reread(hash)
  }
  const pool = endless ? upstream.streams : upstream.requests
  pool.dispatch(
    {
      path,
      method: target.method,
      headers,
      body,
      headersTimeout: endless ? 0 : answerTimeoutMs,
      bodyTimeout: endless ? 0 : answerTimeoutMs,
    },
    handler,
  )
  return promise
}
