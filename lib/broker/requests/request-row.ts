import type { BrokerContext } from '#lib/broker/use-case/context.ts'
import type { RequestRecord } from '#lib/db/find-request.ts'
import { parsePayload } from '#lib/domain/parse-payload.ts'
import { providerInWords } from '#lib/domain/provider.ts'
import type { RequestRow } from '#lib/domain/request-view.ts'

/** A request that nobody decided in time has expired by the clock, even before the worker records it. */
export function toRequestRow(ctx: BrokerContext, request: RequestRecord): RequestRow {
  const payload = parsePayload(request.payload)
  const expired = request.state === 'open' && request.expiresAt <= ctx.clock()
  const {
    id,
    payloadHash,
    reason,
    requester: { issuer, ...requester },
    createdAt,
    expiresAt,
    decidedAt,
    decider,
    decisionReason,
    endsAt,
    space,
  } = request
  return {
    id,
    payloadHash,
    reason,
    requester: { ...requester, from: providerInWords(ctx.providers, issuer) },
    createdAt,
    expiresAt,
    decidedAt,
    decider,
    decisionReason,
    endsAt,
    payload,
    state: expired ? 'expired' : request.state,
    space:
      payload.kind === 'role'
        ? { name: payload.space, cluster: payload.cluster }
        : space && { name: space.name, cluster: space.cluster.name },
  }
}
