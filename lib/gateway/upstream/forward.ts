import type { AdmittedRequest } from '#lib/gateway/admit.ts'
import type { ClientResponse } from '#lib/gateway/connection/client-response.ts'
import { isStream } from '#lib/gateway/exchange.ts'
import type { Gateway } from '#lib/gateway/gateway.ts'
import { Answer, type TrailRows } from './answer.ts'
import type { UpstreamRequest } from './render-request.ts'

/** The API server itself ends requests that are not streams after 60 s. */
const answerTimeoutMs = 70_000

/**
 * Sends an admitted request upstream and streams the answer back, with back-pressure both ways and a limit to every
 * wait.
 * @param noted the request's rows in the trail
 * @returns the status code, once the answer has ended
 */
export function forward(
  gateway: Gateway,
  admitted: AdmittedRequest,
  outgoing: UpstreamRequest,
  response: ClientResponse,
  noted: TrailRows,
): Promise<number> {
  const { intentId } = noted
  const { access, hash, epoch, upstream } = admitted
  if (response.destroyed && intentId === undefined) return Promise.resolve(499)
  const stream = isStream(admitted)
  const pool = stream ? upstream.streams : upstream.requests
  const answer = new Answer(gateway, admitted, response, noted)
  answer.onSent(pool.send(outgoing, stream ? undefined : answerTimeoutMs, answer))
  // Cutting the answer would not undo a change already sent.
  if (intentId === undefined) {
    gateway.streams.add(answer, access)
    // A notification came after the decision: check again.
    if (gateway.cache.epoch() !== epoch) gateway.streams.reread(hash)
  }
  return answer.over
}
