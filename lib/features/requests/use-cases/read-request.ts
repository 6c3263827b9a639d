import { z } from 'zod'
import { findOutcome, type OutcomeRecord } from '#lib/features/requests/db/find-outcome.ts'
import { type FoundRequest, findRequest } from '#lib/kernel/db/requests/find-request.ts'
import { findNextWaiting } from '#lib/kernel/db/requests/select-requests.ts'
import { countOwnedSpaces } from '#lib/kernel/db/spaces/count-owned-spaces.ts'
import { selectAccessSpans } from '#lib/kernel/db/spaces/select-grants.ts'
import { viewFound } from '#lib/kernel/define/view-found.ts'
import type { AccessSpan } from '#lib/kernel/model/access/escalation.ts'
import { clusterRoleOf, greaterStanding, type Role } from '#lib/kernel/model/access/role.ts'
import { gainedRights } from '#lib/kernel/model/access/role-rules.ts'
import { ruleOf } from '#lib/kernel/model/policy/approval-rules.ts'
import { type Excess, excessOf } from '#lib/kernel/model/policy/policy.ts'
import type { RequestPayload } from '#lib/kernel/model/requests/access-request.ts'
import { askedRisks, clusterRoleAsked, gainedRisks } from '#lib/kernel/model/requests/request-risk.ts'
import type {
  ApprovalResult,
  Approvals,
  OnCluster,
  RequestDetail,
  RequestRow,
} from '#lib/kernel/model/requests/request-view.ts'
import { parseSteps } from '#lib/kernel/model/spaces/parse-steps.ts'
import type { BrokerContext } from '#lib/kernel/use-case/context.ts'
import { readDecisionContext } from './decision-context.ts'

import { byReader, eligibleDecider, findFor } from './may-decide.ts'
import { toRequestRow } from './request-row.ts'

export const readRequestInput = z.strictObject({ id: z.uuid() })

/**
 * @returns a request and what it would change, for its requester and its approvers; deciders also get the facts for the
 *   decision
 * @throws AppError not_found for anyone else
 */
export const readRequest = viewFound({
  by: byReader,
  input: readRequestInput,
  find: (pool, ctx, id) => findRequest(pool, id, { ...eligibleDecider(ctx), countsAble: true }),
  read: async function readReadRequest({ ctx, found: request }): Promise<RequestDetail> {
    const row = toRequestRow(ctx, request)
    const isOwn = request.requesterId === ctx.actor.userId
    const isOpen = row.state === 'open'
    const decides = isOpen && request.decides && (await decidesNow(ctx, request.id))
    const may = { mayDecide: decides, mayWithdraw: isOpen && isOwn }
    const more = isOpen
      ? await describeOpen(ctx, request, row.payload, { isOwn, ...may })
      : await describeClosed(ctx, request, row.payload, isOwn)
    const mayActivate = isOpen && request.decides && !decides
    return {
      ...row,
      isOwn,
      ...may,
      mayActivate,
      approvals: describeApprovals(ctx, request, { isOwn, isOpen }),
      ...more,
    }
  },
})

/** @returns whether the person may decide now, without activating their role first */
const decidesNow = async (ctx: BrokerContext, id: string): Promise<boolean> =>
  !ctx.actor.isEligible || ctx.actor.platformRole === 'admin' || (await findFor(ctx.pool, ctx, id))?.decides === true

/**
 * The approvals a request has and still needs. A role's requester doesn't learn whether enough people could approve it:
 * that would reveal whether the space exists.
 */
function describeApprovals(
  ctx: BrokerContext,
  { kind, approvals, able }: FoundRequest,
  { isOwn, isOpen }: { isOwn: boolean; isOpen: boolean },
): Approvals {
  const given = approvals.map(({ approverId: _, at, counts, ...approval }) => ({
    ...approval,
    counts: counts || !isOpen,
    at: new Date(at),
  }))
  if (!isOpen) return { needed: given.length, given, unstaffed: 0 }
  const { approvals: needed } = ruleOf(ctx.policy, kind)
  const isSecret = able === null || (isOwn && kind === 'role')
  return { needed, given, unstaffed: isSecret ? 0 : Math.max(needed - able, 0) }
}

type Described = Omit<
  RequestDetail,
  keyof RequestRow | 'isOwn' | 'mayDecide' | 'mayWithdraw' | 'mayActivate' | 'approvals'
>

async function describeOpen(
  ctx: BrokerContext,
  request: FoundRequest,
  payload: RequestPayload,
  viewer: { isOwn: boolean; mayDecide: boolean },
): Promise<Described> {
  const { spaceId, space, requesterId } = request
  const isThere = spaceId !== null && space?.status !== 'deleted'
  const [held, context, owned] = await Promise.all([
    isThere ? selectAccessSpans(ctx.pool, spaceId, requesterId, ctx.clock()) : [],
    viewer.mayDecide ? readDecisionContext(ctx, request, payload) : null,
    viewer.isOwn && payload.kind === 'space' ? countOwnedSpaces(ctx.pool, requesterId, ctx.policy.spaceLimit) : 0,
  ])
  return {
    ...changeOf(held, payload),
    excess: excessNow(ctx, payload, context?.spaces.owned ?? owned),
    opensSpace: isThere && (request.isMember || ctx.actor.platformRole === 'admin'),
    context,
    made: null,
    next: null,
  }
}

/** The requester's role before and after, and the cluster permissions they would gain. */
function changeOf(
  held: readonly AccessSpan[],
  payload: RequestPayload,
): Pick<Described, 'before' | 'after' | 'gained' | 'risks'> {
  const greatest = (of: (one: AccessSpan) => Role) => held.map(of).reduce<Role | null>(greaterStanding, null)
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

async function describeClosed(
  ctx: BrokerContext,
  request: FoundRequest,
  payload: RequestPayload,
  isOwn: boolean,
): Promise<Described> {
  const [made, next] = await Promise.all([
    request.state === 'approved' ? findOutcome(ctx.pool, request.id, ctx.actor.userId, ctx.clock()) : null,
    isOwn ? null : findNextWaiting(ctx.pool, eligibleDecider(ctx)),
  ])
  const maySee = ctx.actor.platformRole === 'admin' || made?.isMember === true
  const isLiving = request.space !== null && request.space.status !== 'deleting' && request.space.status !== 'deleted'
  return {
    before: null,
    after: null,
    gained: payload.kind === 'role' ? gainedRights(null, clusterRoleAsked(payload)) : [],
    risks: askedRisks(payload),
    excess: [],
    opensSpace: made
      ? made.spaceIsLiving && maySee
      : isLiving && (request.isMember || ctx.actor.platformRole === 'admin'),
    context: null,
    made: made && madeFor(made, { isKnown: (payload.kind === 'role' && isOwn) || maySee, decided: request.isChosen }),
    next,
  }
}

/**
 * @param isKnown whether the viewer may see the end: requesters of roles and people who can see the space may
 * @param decided whether the viewer decides on such requests. They can follow the change until it reaches the cluster;
 *   its later state is only for members of the space.
 */
function madeFor(made: OutcomeRecord, { isKnown, decided }: { isKnown: boolean; decided: boolean }): ApprovalResult {
  const follows = made.state === 'current' || (!isKnown && made.tookEffectAt !== null)
  const onCluster = follows && (isKnown || decided) ? onClusterOf(made) : null
  if (!isKnown) return { state: 'unknown', endedAt: null, spaceIsGone: false, onCluster }
  const endedAt = made.state === 'ended' ? made.endedAt : null
  return { state: made.state, endedAt, spaceIsGone: made.endedWithSpace, onCluster }
}

function onClusterOf({ tookEffectAt, isSettled, failureMessage, failingSince, steps }: OutcomeRecord): OnCluster {
  if (tookEffectAt || isSettled) return { state: 'done', at: tookEffectAt }
  if (failureMessage === null) return { state: 'pending' }
  const tried = parseSteps(steps).find(({ state }) => state === 'failed')?.at
  return { state: 'failing', message: failureMessage, since: failingSince, triedAt: tried ? new Date(tried) : null }
}
