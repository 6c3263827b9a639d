/**
 * Every step of a request, in order, for ordinary requests and upgrades; each has its own file. The gateway's security
 * depends on their order. Values at hand are not awaited, and no decision made before a wait is trusted after it.
 */
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { ClientResponse } from '#lib/gateway/connection/client-response.ts'
import { takeTurn, takeTurnBehind, takeTurnForPiece } from '#lib/gateway/connection/take-turn.ts'
import { decide } from '#lib/gateway/decision/decide.ts'
import { isDryRun } from '#lib/gateway/request/is-dry-run.ts'
import { nameFromBody } from '#lib/gateway/request/name-from-body.ts'
import { answerRightsReview, rightsReviewOf } from '#lib/gateway/request/own-rights-review.ts'
import { hasBody } from '#lib/gateway/request/read-body.ts'
import { readRequestHeaders } from '#lib/gateway/request/request-headers.ts'
import { answerSpaceObjects } from '#lib/gateway/space-objects/answer-space-objects.ts'
import { parseTarget, type Target } from '#lib/gateway/target/parse-target.ts'
import { aboutCluster, describeSpan } from '#lib/gateway/trail/describe-span.ts'
import type { RecordedRead } from '#lib/gateway/trail/recorded-reads.ts'
import { forward } from '#lib/gateway/upstream/forward.ts'
import { passUpgrade, refuseUpgrade, requireUpgradable, type UpgradeWire } from '#lib/gateway/upstream/pass-upgrade.ts'
import { renderUpstream } from '#lib/gateway/upstream/render-upstream.ts'
import { traced } from '#lib/observability/tracing.ts'
import { type AdmittedRequest, admitAgain, findCluster, refreshAccess, requireOwnName } from './admit.ts'
import { asRefusal, noteAnswer, noteRefusal, writeRefusedOutcome } from './answering.ts'
import { asForwarded, type Exchange, isStream, needsIntent, needsNote, type RequestState } from './exchange.ts'
import type { Gateway } from './gateway.ts'
import { answerRefusal } from './refusal.ts'

/** One request on its way through the steps: what is known about it, and the resources it holds until it ends. */
class Passage {
  known: RequestState
  intentId: string | undefined
  read: RecordedRead | undefined
  hadTurn = false
  #held: (() => void)[] = []

  constructor(exchange: Exchange) {
    this.known = { exchange }
  }

  /** @param release called once the request has ended */
  hold(release: () => void): void {
    this.#held.push(release)
  }

  holdUntilClosed(socket: Duplex): void {
    if (socket.destroyed) return
    const held = this.#held
    this.#held = []
    socket.once('close', () => {
      for (const release of held) release()
    })
  }

  end(): void {
    for (const release of this.#held) release()
  }
}

type Wire = { request: IncomingMessage; response: ClientResponse; askForBody?: () => void } | UpgradeWire

/** Handles a request from its arrival to the end of its answer. Never rejects. */
export const handle = (gateway: Gateway, exchange: Exchange, wire: Wire): Promise<void> =>
  traced('request', { kind: 'server' }, async (span) => {
    const passage = new Passage(exchange)
    let code: number
    try {
      code = await takeSteps(gateway, wire, passage)
    } catch (error) {
      code = await refuse(gateway, wire, passage, error)
    } finally {
      passage.end()
    }
    // Ends the read in the trail if there was no answer.
    passage.read?.end({
      ...(code < 400 ? { outcome: 'ok' } : { outcome: 'failed', reason: 'answer_incomplete' }),
      code,
    })
    noteAnswer(gateway, passage.known, code)
    if (span) describeSpan(span, passage.known, code)
  })

async function takeSteps(gateway: Gateway, wire: Wire, passage: Passage): Promise<number> {
  const { request } = wire
  const { exchange: received } = passage.known

  const behind = takeTurnBehind(gateway, received) //                         requests that came in one packet take turns
  if (behind) await behind
  const headers = readRequestHeaders(received.rawHeaders, received.upgrade) // the client's header fields
  passage.known = { exchange: received, headers }
  const target = parseTarget(received.method, received.url)
  passage.known = { exchange: received, headers, target }
  const found = gateway.authenticate(headers.authorization, received.source) // the credential's owner
  let who = found instanceof Promise ? await found : found
  const exchange = asForwarded(received, headers, who.access) // the browser's address, if the portal forwards it
  passage.known = { exchange, headers, target, access: who.access }
  requireOwnName(headers) // no impersonation
  const news = refreshAccess(gateway, target, who) // recent grants
  if (news) who = await news
  passage.known = { exchange, headers, target, access: who.access }
  const decision = decide(target, who.access, gateway.clock(), gateway) // the decision, within the credential's binding
  const upstream = findCluster(gateway, target)
  let admitted: AdmittedRequest = { exchange, headers, target, ...who, decision, upstream }
  passage.known = admitted
  gateway.noteUse(who.access, exchange.source, headers.userAgent, decision) // record when, from where, with which client and in which space it was used
  gateway.connections.trust(request.socket, who.access.person.id)
  if (exchange.upgrade) requireUpgradable(request, admitted) // only streams into pods, without a body

  passage.hadTurn = true
  const turn = takeTurn(gateway, admitted) // its turn, while others wait
  if (turn) await turn
  const personId = who.access.person.id
  // A body that is still arriving must hold neither a connection to the API server nor a slot for concurrent requests.
  const held = hasBody(request)
    ? await gateway.readBody(
        request,
        personId,
        () => takeTurnForPiece(gateway, admitted),
        () => askForBody(wire),
      )
    : undefined
  const body = held?.body ?? null
  if (held) passage.hold(held.release)
  const kind = isStream(admitted) ? 'stream' : 'request'
  const place = upstream.inFlight.takeNow(personId, kind) // a slot for concurrent requests
  passage.hold(place ?? (await upstream.inFlight.take(personId, kind)))
  if (needsIntent(target)) admitted = { ...admitted, ...describeBody(target, body) }
  passage.known = admitted
  const review = rightsReviewOf(target)
  const waited = turn !== undefined || held !== undefined || place === undefined
  const noticed = gateway.cache.epoch() !== admitted.epoch
  if (waited || noticed) admitted = await admitAgain(gateway, admitted, review !== undefined) // decide again after a wait
  passage.known = admitted

  if (needsIntent(target)) {
    await gateway.limitChanges(personId) // the limit on changes
    passage.intentId = await gateway.trail.intent(admitted) // in the trail before anything goes upstream
    admitted = await admitAgain(gateway, admitted, false) // decide again
    passage.known = admitted
  } else if (needsNote(target)) {
    passage.read = await gateway.trail.read(admitted) // the same for reads of secrets and logs
    admitted = await admitAgain(gateway, admitted, false)
    passage.known = admitted
  }
  const { intentId, read } = passage
  if (review && 'response' in wire) return answerRightsReview(gateway, admitted, wire.response, review, body)
  if (admitted.decision.as === 'itself' && 'response' in wire)
    return answerSpaceObjects(gateway, admitted, wire.response)
  return traced('to the API server', aboutCluster(target, upstream.name), () => {
    const outgoing = renderUpstream(admitted, body, read?.auditId) // as the person, or narrowed to their namespaces
    if ('response' in wire) return forward(gateway, admitted, outgoing, wire.response, { intentId, read })
    return passUpgrade(gateway, admitted, outgoing, wire, intentId, () => passage.holdUntilClosed(wire.client))
  })
}

/** Only now: without permission, the request is refused before (RFC 9110, section 10.1.1). */
function askForBody(wire: Wire): void {
  if ('response' in wire) wire.askForBody?.()
}

/** Facts for the trail from the body of a change. */
const describeBody = (target: Target, body: Buffer | null) => ({
  createdName: body ? nameFromBody(target, body) : undefined,
  dryRun: isDryRun(target, body),
})

/** @returns the status code */
async function refuse(gateway: Gateway, wire: Wire, passage: Passage, error: unknown): Promise<number> {
  const { known, intentId, hadTurn } = passage
  const refusal = asRefusal(gateway, known, error)
  passage.read?.end({ outcome: 'refused', code: refusal.status, reason: refusal.key })
  if (intentId === undefined) noteRefusal(gateway, known, refusal)
  else await writeRefusedOutcome(gateway, known, intentId, refusal)
  if (!hadTurn) await takeTurn(gateway, known)?.catch(() => {})
  const { id } = known.exchange
  if ('response' in wire) {
    if (!gateway.connections.isTrusted(wire.request.socket)) wire.response.shouldKeepAlive = false
    answerRefusal(wire.response, refusal, id)
  } else refuseUpgrade(wire.client, refusal, id)
  return refusal.status
}
