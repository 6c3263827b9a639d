import { z } from 'zod'
import { viewFound } from '#lib/broker/define/view-found.ts'
import type { BrokerContext } from '#lib/broker/use-case/context.ts'
import { countOwnedSpaces } from '#lib/db/count-owned-spaces.ts'
import { findMade, type MadeRecord } from '#lib/db/find-made.ts'
import { findRequest, type RequestRecord } from '#lib/db/find-request.ts'
import { selectHeld } from '#lib/db/select-held.ts'
import { findNextWaiting } from '#lib/db/select-requests.ts'
import type { RequestPayload } from '#lib/domain/access-request.ts'
import type { Held } from '#lib/domain/escalation.ts'
import { type Excess, excessOf } from '#lib/domain/policy.ts'
import { askedRisks, clusterRoleAsked, gainedRisks } from '#lib/domain/request-risk.ts'
import type { Made, RequestDetail, RequestRow } from '#lib/domain/request-view.ts'
import { clusterRoleOf, greaterStanding, type Role } from '#lib/domain/role.ts'
import { gainedRights } from '#lib/domain/role-rules.ts'
import { readDecisionContext } from './decision-context.ts'
import { whoDecides } from './list-requests.ts'
import { byDecider, mayDecide } from './may-decide.ts'
import { toRequestRow } from './request-row.ts'

export const readRequestInput = z.strictObject({ id: z.uuid() })

/**
 * @returns a request with what it would change, for its requester and its approvers; with what a decision needs for
 *   those who may decide; @throws AppError not_found for anyone else
 */
export const readRequest = viewFound({
  by: { ...byDecider, isOwn: isRequester },
  input: readRequestInput,
  find: findRequest,
  async read({ ctx, found: request }): Promise<RequestDetail> {
    const row = toRequestRow(ctx, request)
    const isOwn = isRequester(ctx, request)
    const isOpen = row.state === 'open'
    const may = { mayDecide: isOpen && !isOwn && mayDecide(ctx, request), mayWithdraw: isOpen && isOwn }
    const more = isOpen
      ? await describeOpen(ctx, request, row.payload, { isOwn, ...may })
      : await describeClosed(ctx, request, row.payload, isOwn)
    return { ...row, isOwn, ...may, ...more }
  },
})

function isRequester(ctx: BrokerContext, { requesterId }: RequestRecord): boolean {
  return requesterId === ctx.actor.userId
}

type Described = Omit<RequestDetail, keyof RequestRow | 'isOwn' | 'mayDecide' | 'mayWithdraw'>

/** What an approval would change now, and with what to decide. */
async function describeOpen(
  ctx: BrokerContext,
  request: RequestRecord,
  payload: RequestPayload,
  viewer: { isOwn: boolean; mayDecide: boolean },
): Promise<Described> {
  const { spaceId, space, requesterId } = request
  const isThere = spaceId !== null && space?.status !== 'deleted'
  const [held, context, owned] = await Promise.all([
    isThere ? selectHeld(ctx.pool, spaceId, requesterId, ctx.clock()) : [],
    viewer.mayDecide ? readDecisionContext(ctx, request, payload) : null,
    viewer.isOwn && payload.kind === 'space' ? countOwnedSpaces(ctx.pool, requesterId, ctx.policy.spaceLimit) : 0,
  ])
  return {
    ...changeOf(held, payload),
    excess: excessNow(ctx, payload, context?.spaces.owned ?? owned),
    opensSpace: isThere && (!viewer.isOwn || held.length > 0 || ctx.actor.platformRole === 'admin'),
    context,
    made: null,
    next: null,
  }
}

/** The requester's role in the space before and after, and the rights on the cluster that they would gain. */
function changeOf(
  held: readonly Held[],
  payload: RequestPayload,
): Pick<Described, 'before' | 'after' | 'gained' | 'risks'> {
  const greatest = (of: (one: Held) => Role) => held.map(of).reduce<Role | null>(greaterStanding, null)
  const before = greatest(({ standing }) => (standing === 'owner' ? 'admin' : standing))
  if (payload.kind !== 'role') return { before, after: null, gained: [], risks: [] }
  const onCluster = greatest(({ standing, endsAt }) => clusterRoleOf(standing, endsAt !== null))
  const gained = gainedRights(onCluster, clusterRoleAsked(payload))
  const after = greaterStanding(before, payload.role)
  return { before, after, gained, risks: gainedRisks(gained, after === 'admin' && before !== 'admin') }
}

function excessNow(ctx: BrokerContext, payload: RequestPayload, owned: number): Excess[] {
  if (payload.kind === 'role' || payload.kind === 'life') return []
  const excess = excessOf(ctx.policy, payload.size, owned)
  return payload.kind === 'size' ? excess.filter((limit) => limit === 'size_limit') : excess
}

/** What a request was about, what came of it, and where those who decide go next. */
async function describeClosed(
  ctx: BrokerContext,
  request: RequestRecord,
  payload: RequestPayload,
  isOwn: boolean,
): Promise<Described> {
  const [made, next] = await Promise.all([
    request.state === 'approved' ? findMade(ctx.pool, request.id, ctx.actor.userId, ctx.clock()) : null,
    isOwn ? null : findNextWaiting(ctx.pool, whoDecides(ctx)),
  ])
  const maySee = ctx.actor.platformRole === 'admin' || made?.isMember === true
  const isLiving = request.space !== null && request.space.status !== 'deleting' && request.space.status !== 'deleted'
  return {
    before: null,
    after: null,
    gained: payload.kind === 'role' ? gainedRights(null, clusterRoleAsked(payload)) : [],
    risks: askedRisks(payload),
    excess: [],
    opensSpace: made ? made.spaceIsLiving && maySee : isLiving && !isOwn,
    context: null,
    made: made && madeFor(made, payload.kind === 'role' || maySee),
    next,
  }
}

/** @param isKnown a role's requester knows its end, and everybody else of this request's viewers sees the space */
const madeFor = ({ state, endedAt }: MadeRecord, isKnown: boolean): Made =>
  isKnown ? { state, endedAt: state === 'ended' ? endedAt : null } : { state: 'unknown', endedAt: null }
