import { z } from 'zod'
import { countWaitingRequests as countInDb, listRequests as listInDb, type RequestRecord } from '../db/list-requests.ts'
import type { RequestRow } from '../domain/request-view.ts'
import { authorizePlatform } from './authorize.ts'
import type { BrokerContext } from './context.ts'
import { parsePayload } from './request-hash.ts'

export const listRequestsInput = z.strictObject({
  box: z.enum(['mine', 'waiting', 'decided']),
  page: z.number().int().min(1).max(1_000).optional(),
})

const pageSize = 25

/** @returns a page of the person's own requests, of those that wait for them, or of those they decided */
export async function listRequests(
  ctx: BrokerContext,
  { box, page = 1 }: z.infer<typeof listRequestsInput>,
): Promise<{ rows: RequestRow[]; more: boolean }> {
  authorizePlatform(ctx, 'list-requests')
  const who = { userId: ctx.actor.userId, isPlatformAdmin: ctx.actor.platformRole === 'admin', at: ctx.clock() }
  const found = await listInDb(ctx.db, box, who, { skip: (page - 1) * pageSize, take: pageSize + 1 })
  return { rows: found.slice(0, pageSize).map((request) => rowOf(ctx, request)), more: found.length > pageSize }
}

/** @returns how many requests wait for the person, for the header */
export const countWaitingRequests = (ctx: BrokerContext): Promise<number> =>
  countInDb(ctx.db, ctx.actor.userId, ctx.actor.platformRole === 'admin', ctx.clock())

/** A request that nobody decided in time has lapsed by the clock, also before the worker writes so. */
export function rowOf(ctx: BrokerContext, request: RequestRecord): RequestRow {
  const payload = parsePayload(request.payload)
  const lapsed = request.state === 'open' && request.lapsesAt <= ctx.clock()
  const { id, payloadHash, reason, requester, createdAt, lapsesAt, decidedAt, decider, decisionReason, endsAt, space } =
    request
  return {
    id,
    payloadHash,
    reason,
    requester,
    createdAt,
    lapsesAt,
    decidedAt,
    decider,
    decisionReason,
    endsAt,
    payload,
    state: lapsed ? 'lapsed' : request.state,
    space:
      payload.kind === 'role'
        ? { name: payload.space, cluster: payload.cluster }
        : space && { name: space.name, cluster: space.cluster.name },
  }
}
