import { z } from 'zod'
import { notifyOwner } from '#lib/features/access/use-cases/notify-owner.ts'
import { closeRequest, insertApproval, lockOpenRequest } from '#lib/features/requests/db/request-rows.ts'
import type { Tx } from '#lib/kernel/db/client.ts'
import { readPerson } from '#lib/kernel/db/people/find-person.ts'
import type { FoundRequest, RequestRecord } from '#lib/kernel/db/requests/find-request.ts'
import { changeFound } from '#lib/kernel/define/change-found.ts'
import { longestRoleMinutes } from '#lib/kernel/model/access/role-term.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import { requestedChangeOf } from '#lib/kernel/model/inbox/event.ts'
import type { RequestPayload } from '#lib/kernel/model/requests/access-request.ts'
import { parsePayload } from '#lib/kernel/model/requests/parse-payload.ts'
import { clusterDestination } from '#lib/kernel/model/spaces/destination.ts'
import type { BrokerContext } from '#lib/kernel/use-case/context.ts'
import { nameOf, notifyPeople } from '#lib/kernel/use-case/notify-people.ts'
import { prepareEffect } from './approval-effect.ts'
import { approversOf, type Count, countApprovals } from './count-approvals.ts'
import { byDecider, findFor } from './may-decide.ts'
import { notifyApprovers } from './notify-approvers.ts'
import { requestHash } from './request-hash.ts'

export const decideRequestInput = z
  .strictObject({
    id: z.uuid(),
    payloadHash: z.string().regex(/^[0-9a-f]{64}$/),
    decision: z.enum(['approve', 'deny']),
    reason: z.string().trim().max(1_000).default(''),
    /** For a role: duration in minutes; null: as requested. */
    minutes: z.int('Choose a duration.').min(1).max(longestRoleMinutes).nullable().default(null),
  })
  // Before anything is recorded: a form that isn’t filled in is no decision.
  .refine(({ decision, reason }) => decision === 'approve' || reason.length >= 3, {
    path: ['reason'],
    error: 'Give a reason for denying the request.',
  })
type Decision = z.infer<typeof decideRequestInput>

/** The request's new state. `missing`: how many approvals an open request still needs. */
export type DecisionResult = { state: 'approved' | 'denied' } | { state: 'open'; missing: number }

/**
 * Decides on someone else's request, if the policy lets the actor decide. An approval is bound to the hash of what the
 * approver saw. The last required approval takes effect immediately, through the same path as any other change, for the
 * shortest duration that any approver allowed; the duration runs from then or from the scheduled start. One denial
 * closes the request. Concurrent decisions are serialized.
 * @throws AppError own_request, request_closed, request_changed, already_approved, not_found, bad_input (a denial needs
 *   a reason)
 */
export const decideRequest = changeFound({
  by: byDecider,
  action: ({ decision }) => (decision === 'approve' ? 'request.approve' : 'request.deny'),
  kind: 'request',
  input: decideRequestInput,
  find: async function findForDecideRequest(db, ctx, id) {
    const request = await findFor(db, ctx, id)
    if (request?.requesterId === ctx.actor.userId) throw new AppError('own_request')
    return request
  },
  holds: (request) => ({ people: [request.requesterId, ...approversOf(request)], spaceId: request.spaceId }),
  prepare: async function prepareDecideRequest({ ctx, found: request, input, about }) {
    const payload = parsePayload(request.payload)
    const hash = requestHash(request.requesterId, payload, request.reason)
    if (hash !== request.payloadHash || hash !== input.payloadHash || isElsewhere(request, payload))
      throw new AppError('request_changed')
    about({
      detail: { request: payload, requester: request.requester.handle, reason: input.reason, minutes: input.minutes },
      ...(request.spaceId && { spaceId: request.spaceId }),
      ...(request.space && { destination: clusterDestination(request.space.cluster.name) }),
    })
    if (input.decision === 'deny')
      return {
        write: async function writeDecideRequest({ tx }): Promise<DecisionResult> {
          await close(ctx, tx, request, input, { state: 'denied', endsAt: null })
          return { state: 'denied' }
        },
      }
    const effect = await prepareEffect(ctx, request)
    const known = [ctx.actor.userId, ...approversOf(request)]
    return {
      write: async function writeDecideRequest({ tx, found, now }): Promise<DecisionResult> {
        await lockOpenRequest(tx, { id: request.id, payloadHash: hash }, ctx.clock())
        await assertActive(tx, request.requesterId)
        if (payload.kind === 'role') assertNotOwner(found)
        const count = await countApprovals(tx, now, found, known, input.minutes)
        about({ detail: { approval: count.number, approvals: count.needed } })
        const endsAt = effect.check(now, count.minutes)
        await addApproval(ctx, tx, input)
        if (count.number < count.needed) return notifyOfApproval(now, tx, found, count)
        await close(ctx, tx, found, input, { state: 'approved', endsAt })
        await effect.apply(tx, now, count.minutes)
        await notifyOfRole(ctx, tx, found, endsAt, input.reason)
        return { state: 'approved' }
      },
      reconcile: ({ state }) => (state === 'approved' ? effect.reconcile : undefined),
    }
  },
})

const addApproval = (ctx: BrokerContext, tx: Tx, { id, payloadHash, reason, minutes }: Decision): Promise<void> =>
  insertApproval(tx, {
    requestId: id,
    payloadHash,
    approverId: ctx.actor.userId,
    approvedAt: ctx.clock(),
    reason: reason || null,
    minutes,
  })

const spaceOf = ({ space }: RequestRecord) => space && { name: space.name, cluster: space.cluster.name }

async function close(
  ctx: BrokerContext,
  tx: Tx,
  request: FoundRequest,
  { reason }: Decision,
  { state, endsAt }: { state: 'approved' | 'denied'; endsAt: Date | null },
): Promise<void> {
  const { id, payloadHash, requesterId, spaceId, payload } = request
  const outcome = { state, deciderId: ctx.actor.userId, decisionReason: reason || null, endsAt }
  await closeRequest(tx, { id, payloadHash }, outcome, ctx.clock())
  const event = {
    kind: 'request-decided' as const,
    request: id,
    asked: requestedChangeOf(parsePayload(payload), spaceOf(request)),
    decision: state,
    by: nameOf(ctx.actor),
    reason: outcome.decisionReason,
    endsAt: endsAt?.toISOString() ?? null,
  }
  await notifyPeople(ctx, tx, event, { to: [requesterId], spaceId })
}

/** Notifies the requester and the remaining approvers about one more approval. */
async function notifyOfApproval(
  now: BrokerContext,
  tx: Tx,
  request: FoundRequest,
  { number, needed }: Count,
): Promise<DecisionResult> {
  const { id, requesterId, requester, spaceId, payload } = request
  const event = {
    kind: 'request-approved-once' as const,
    request: id,
    asked: requestedChangeOf(parsePayload(payload), spaceOf(request)),
    requester: nameOf(requester),
    by: nameOf(now.actor),
    number,
    needed,
  }
  const missing = needed - number
  await notifyPeople(now, tx, event, { to: [requesterId], spaceId })
  await notifyApprovers(now, tx, event, { requestId: id, spaceId, missing })
  return { state: 'open', missing }
}

/** Notifies the owner about a role that another person approved in their space. */
async function notifyOfRole(
  ctx: BrokerContext,
  tx: Tx,
  { spaceId, space, payload, requester, reason }: RequestRecord,
  endsAt: Date | null,
  why: string,
): Promise<void> {
  const asked = parsePayload(payload)
  if (asked.kind !== 'role' || !spaceId || !space || space.ownerId === ctx.actor.userId) return
  await notifyOwner(
    ctx,
    tx,
    { id: spaceId, ownerId: space.ownerId, name: space.name, cluster: space.cluster.name },
    {
      kind: 'request',
      to: { kind: 'user', name: requester.name, handle: requester.handle },
      role: asked.role,
      endsAt: endsAt?.toISOString() ?? null,
      reason: why || reason,
    },
  )
}

/** A deactivated requester gets nothing. The row lock prevents deactivation until the transaction ends. */
async function assertActive(tx: Tx, userId: string): Promise<void> {
  const { deactivatedAt } = await readPerson(tx, userId)
  if (deactivatedAt)
    throw new AppError('request_closed', {
      sentence: 'The requester’s account is deactivated. You can only deny this request.',
    })
}

/** The row's space determines who decides, the payload's space what changes: they must be equal. */
const isElsewhere = ({ spaceId }: RequestRecord, payload: RequestPayload): boolean =>
  payload.kind !== 'space' && spaceId !== null && spaceId !== payload.spaceId

/** A requester who has become the owner needs no role. */
function assertNotOwner({ space, requesterId }: RequestRecord): void {
  if (space?.ownerId === requesterId)
    throw new AppError('request_closed', {
      sentence: 'The requester now owns the space. You can only deny this request.',
    })
}
