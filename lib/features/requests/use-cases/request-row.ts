import type { RequestRecord } from '#lib/kernel/db/requests/find-request.ts'
import { providerInWords } from '#lib/kernel/model/people/provider.ts'
import { shownState } from '#lib/kernel/model/requests/access-request.ts'
import { parsePayload } from '#lib/kernel/model/requests/parse-payload.ts'
import type { RequestRow } from '#lib/kernel/model/requests/request-view.ts'
import type { BrokerContext } from '#lib/kernel/use-case/context.ts'

/** A request past its deadline is shown as expired even before the worker records that. */
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
    state: expired ? 'expired' : shownState(request.state, decisionReason),
    space:
      payload.kind === 'role'
        ? { name: payload.space, cluster: payload.cluster }
        : space && { name: space.name, cluster: space.cluster.name },
  }
}
