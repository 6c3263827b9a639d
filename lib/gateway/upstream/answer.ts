/**
 * One answer on its way from the API server to the client. Must never end a change's answer before its outcome is
 * durable, pass on an answer that the client could take for complete when it isn't, or continue for a client that has
 * left.
 */
import { type AdmittedRequest, recheck, spacesChanged } from '#lib/gateway/admit.ts'
import type { ClientResponse } from '#lib/gateway/connection/client-response.ts'
import { takeTurnForPiece } from '#lib/gateway/connection/take-turn.ts'
import type { OpenStream } from '#lib/gateway/credential/open-streams.ts'
import { isStream } from '#lib/gateway/exchange.ts'
import type { Gateway } from '#lib/gateway/gateway.ts'
import { answerRefusal, type GatewayRefusal } from '#lib/gateway/refusal.ts'
import { formatOf, renderErrorEvent } from '#lib/gateway/request/watch-events.ts'
import { type Outcome, outcomeOf } from '#lib/gateway/trail/outcome-writer.ts'
import type { RecordedRead } from '#lib/gateway/trail/recorded-reads.ts'
import { type AnswerPlan, planAnswer } from './answer-plan.ts'
import { type AnswerWriter, createAnswerWriter } from './answer-writer.ts'
import type { AnswerHead } from './parse-answer.ts'
import { ownPiece, type Piece } from './recycled-blocks.ts'
import type { UpstreamError } from './upstream-error.ts'
import { describeFault, refuseAnswer } from './upstream-faults.ts'
import type { AnswerHandler, SentRequest } from './upstream-pool.ts'
import { createWatchedSpaces, type WatchedSpaces } from './watched-spaces.ts'

/** `intentId`: of a change, whose outcome must be durable before the answer ends. */
export type TrailRows = { intentId: string | undefined; read: RecordedRead | undefined }

export class Answer implements OpenStream, AnswerHandler {
  place = -1
  readonly hash: string
  readonly recheck: OpenStream['recheck']
  readonly endless: boolean
  readonly #gateway: Gateway
  #admitted: AdmittedRequest
  readonly #intentId: string | undefined
  readonly #read: RecordedRead | undefined
  readonly #response: ClientResponse
  readonly #writer: AnswerWriter
  readonly #over = Promise.withResolvers<number>()
  #sent: SentRequest | undefined
  readonly followsSpaces: boolean
  #plan: AnswerPlan | undefined
  #ended = false

  constructor(gateway: Gateway, admitted: AdmittedRequest, response: ClientResponse, { intentId, read }: TrailRows) {
    this.hash = admitted.hash
    this.#gateway = gateway
    this.#admitted = admitted
    this.#intentId = intentId
    this.#read = read
    this.endless = isStream(admitted)
    const spaces = this.#watchSpaces()
    this.followsSpaces = spaces !== undefined
    this.recheck = recheck(gateway, admitted, spaces?.follow)
    this.#response = response
    const takeTurn = () => takeTurnForPiece(gateway, admitted)
    response.paceReading?.(takeTurn)
    this.#writer = createAnswerWriter(response, gateway.monotonic, takeTurn)
    response.on('close', () => this.#onClientGone())
  }

  /** @returns undefined: it isn't a watch of the person's namespaces */
  #watchSpaces(): WatchedSpaces | undefined {
    const gateway = this.#gateway
    const { target, decision, upstream } = this.#admitted
    if (target.kind !== 'resource' || target.verb !== 'watch' || decision.as !== 'gateway') return undefined
    return createWatchedSpaces({
      admitted: { ...this.#admitted, target },
      events: () => this.#plan?.rewriting?.spaces,
      halt: () => this.#sent?.abort(),
      isOver: () => this.#ended,
      send: (event) => this.#pass(ownPiece(event)),
      resume: (request) => this.onSent(upstream.streams.send(request, undefined, this.#continued())),
      giveUp: () => this.cut(spacesChanged()),
      monotonic: gateway.monotonic,
    })
  }

  /** Handles another answer as the rest of this one. */
  #continued(): AnswerHandler {
    const format = this.#plan?.rewriting?.format
    return {
      onHead: ({ status, fields }) => {
        if (status !== 200 || formatOf(fields) !== format) this.cut(spacesChanged())
      },
      onBody: (piece) => this.onBody(piece),
      onEnd: () => this.onEnd(),
      onError: (error) => this.onError(error),
    }
  }

  /** Resolves to the status code at the end of the answer. */
  get over(): Promise<number> {
    return this.#over.promise
  }

  onSent(sent: SentRequest): void {
    this.#sent = sent
    if (this.#ended) sent.abort()
  }

  onHead({ status, fields }: AnswerHead): void {
    const refusal = refuseAnswer(this.#admitted, status)
    if (refusal) {
      this.#refuse(refusal)
      this.#sent?.abort()
      return
    }
    this.#recordAnswer(status)
    this.#plan = planAnswer(this.#admitted, status, fields)
    this.#writer.head(this.#plan.head)
    if (this.endless) this.#writer.flush()
  }

  onBody(piece: Piece): void {
    const { rewriting, reader } = this.#plan ?? {}
    if (this.#ended) {
      piece.release()
      return
    }
    reader?.onData(piece.bytes)
    const written = rewriting ? this.#rewrite(() => rewriting.onData(piece)) : piece
    if (written) this.#pass(written)
  }

  onEnd(): void {
    if (this.#ended) return
    const { rewriting, reader, head } = this.#plan ?? {}
    const last = rewriting && this.#rewrite(() => rewriting.onEnd())
    if (this.#ended) return
    if (last) this.#writer.hold(ownPiece(last), this.#sent)
    const { createdName, refusal, secrets } = reader?.learned() ?? {}
    if (createdName !== undefined) this.#admitted = { ...this.#admitted, createdName }
    const code = head?.status ?? 0
    if (secrets) this.#gateway.trail.secretsShown(this.#admitted, code, secrets)
    this.#writeOutcome(outcomeOf(code, refusal), () => {
      this.#writer.end()
      this.#finish(code)
    })
  }

  onError(error: UpstreamError): void {
    if (this.#ended) return
    if (error.fault === 'malformed' || error.fault === 'taking') this.#logUnreadable(error)
    const status = this.#plan?.head.status
    if (status === undefined && !this.#response.destroyed) {
      this.#refuse(describeFault(this.#admitted.upstream.name, error, this.#intentId !== undefined))
      return
    }
    const { secrets } = this.#plan?.reader?.learned() ?? {}
    if (secrets) this.#gateway.trail.secretsShown(this.#admitted, status ?? 0, secrets)
    this.#writeOutcome({ outcome: 'failed', code: status ?? 0, reason: 'answer_incomplete' }, () => {
      this.#response.destroy()
      this.#finish(status ?? 499)
    })
  }

  /**
   * Ends the answer when access has ended. A watch gets an event with the reason; other answers end with their
   * connection, so they look truncated.
   */
  cut(refusal: GatewayRefusal): void {
    if (this.#ended) return
    this.#gateway.metrics.refused(refusal.key)
    if (refusal.key !== 'access_changed' && refusal.key !== 'stopping')
      this.#gateway.trail.refused(this.#admitted, refusal, true)
    const response = this.#response
    const rewriting = this.#plan?.rewriting
    if (response.headersSent && rewriting?.atBoundary() && !response.writableNeedDrain) {
      response.end(renderErrorEvent(rewriting.format, refusal))
      this.#writer.waitForEnd()
    } else answerRefusal(response, refusal, this.#admitted.exchange.id)
    this.#finish(refusal.status)
    this.#sent?.abort()
  }

  #pass(piece: Piece): void {
    if (this.endless) this.#writer.write(piece, this.#sent)
    else this.#writer.hold(piece, this.#sent)
  }

  #logUnreadable(error: unknown): void {
    this.#gateway.log.error(
      { error, requestId: this.#admitted.exchange.id },
      'an answer from the API server can’t be read',
    )
  }

  #refuse(refusal: GatewayRefusal): void {
    if (this.#ended) return
    this.#gateway.metrics.refused(refusal.key)
    this.#writeOutcome({ outcome: 'failed', code: refusal.status, reason: refusal.key }, () => {
      answerRefusal(this.#response, refusal, this.#admitted.exchange.id)
      this.#finish(refusal.status)
    })
  }

  /** An unreadable answer is cut off, so that the client does not take it for complete. */
  #rewrite<T>(rewrite: () => T | undefined): T | undefined {
    try {
      return rewrite()
    } catch (error) {
      this.#logUnreadable(error)
      this.#response.destroy()
      this.#finish(502)
      this.#sent?.abort()
      return undefined
    }
  }

  #onClientGone(): void {
    if (this.#response.writableFinished) return
    // A change continues upstream after its client has left, and its outcome belongs in the trail.
    if (this.#intentId !== undefined) {
      this.#writer.leave()
      this.#sent?.resume()
      return
    }
    this.#finish(499)
    this.#sent?.abort()
  }

  #recordAnswer(status: number): void {
    const { trail } = this.#gateway
    if (status === 403 && this.#intentId === undefined && !this.#read?.isOwn)
      trail.refused(this.#admitted, { key: 'cluster_403', status, message: 'the API server refused it' })
    this.#read?.end(outcomeOf(status))
  }

  /** @param end ends the answer: at once for a read, once its outcome is durable for a change */
  #writeOutcome(outcome: Outcome, end: () => void): void {
    if (this.#intentId === undefined) end()
    else void this.#gateway.trail.outcome(this.#admitted, this.#intentId, outcome).then(end)
  }

  #finish(code: number): void {
    if (this.#ended) return
    this.#ended = true
    this.#writer.leave()
    if (this.#intentId === undefined) this.#gateway.streams.remove(this)
    this.#over.resolve(code)
  }
}
