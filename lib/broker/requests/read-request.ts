import { z } from 'zod'
import { viewFound } from '#lib/broker/define/view-found.ts'
import type { BrokerContext } from '#lib/broker/use-case/context.ts'
import { findRequest, type RequestRecord } from '#lib/db/find-request.ts'
import { selectHeld } from '#lib/db/select-held.ts'
import type { RequestPayload } from '#lib/domain/access-request.ts'
import type { Held } from '#lib/domain/escalation.ts'
import type { RequestDetail } from '#lib/domain/request-view.ts'
import { clusterRoleOf, greaterStanding, type Role } from '#lib/domain/role.ts'
import { type GainedRight, gainedRights } from '#lib/domain/role-rules.ts'
import { termOf } from '#lib/domain/role-term.ts'
import { byDecider, mayDecide } from './may-decide.ts'
import { toRequestRow } from './request-row.ts'

export const readRequestInput = z.strictObject({ id: z.uuid() })

/**
 * @returns a request with what it would change, for its requester and its approvers; @throws AppError not_found for
 *   anyone else
 */
export const readRequest = viewFound({
  by: { ...byDecider, isOwn: isRequester },
  input: readRequestInput,
  find: findRequest,
  async read({ ctx, found: request }): Promise<RequestDetail> {
    const row = toRequestRow(ctx, request)
    const isOwn = isRequester(ctx, request)
    return {
      ...row,
      ...(await describeChange(ctx, request, row.payload)),
      mayDecide: !isOwn && row.state === 'open' && mayDecide(ctx, request),
      mayWithdraw: isOwn && row.state === 'open',
    }
  },
})

function isRequester(ctx: BrokerContext, { requesterId }: RequestRecord): boolean {
  return requesterId === ctx.actor.userId
}

/** The requester's role in the space before and after, and the rights on the cluster that they would gain. */
async function describeChange(
  ctx: BrokerContext,
  { spaceId, space, requesterId }: RequestRecord,
  payload: RequestPayload,
): Promise<{ before: Role | null; after: Role | null; gained: GainedRight[] }> {
  const isThere = spaceId !== null && space?.status !== 'deleted'
  const held = isThere ? await selectHeld(ctx.pool, spaceId, requesterId, ctx.clock()) : []
  const greatest = (of: (one: Held) => Role) => held.map(of).reduce<Role | null>(greaterStanding, null)
  const before = greatest(({ standing }) => (standing === 'owner' ? 'admin' : standing))
  if (payload.kind !== 'role') return { before, after: null, gained: [] }
  const onCluster = greatest(({ standing, endsAt }) => clusterRoleOf(standing, endsAt !== null))
  const gained = gainedRights(onCluster, clusterRoleOf(payload.role, termOf(payload).minutes !== null))
  return { before, after: greaterStanding(before, payload.role), gained }
}
