import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { notifyOwner } from '#lib/broker/access/notify-owner.ts'
import { changeFound } from '#lib/broker/define/change-found.ts'
import { checkSpaceDraft, insertSpaceDraft } from '#lib/broker/spaces/space-draft.ts'
import { assertLiving } from '#lib/broker/use-case/authorize.ts'
import type { BrokerContext } from '#lib/broker/use-case/context.ts'
import { nameOf, tellPeople } from '#lib/broker/use-case/tell-people.ts'
import type { Tx } from '#lib/db/client.ts'
import { closeRequest } from '#lib/db/close-request.ts'
import { extendSpaceRow } from '#lib/db/extend-space-row.ts'
import { findRequest, type RequestRecord } from '#lib/db/find-request.ts'
import { findSpaceById } from '#lib/db/find-space.ts'
import { insertGrant } from '#lib/db/insert-grant.ts'
import { readPerson } from '#lib/db/read-person.ts'
import { resizeSpaceRow } from '#lib/db/resize-space-row.ts'
import type { RequestPayload } from '#lib/domain/access-request.ts'
import { clusterDestination } from '#lib/domain/destination.ts'
import { AppError } from '#lib/domain/errors.ts'
import { askedOf } from '#lib/domain/event.ts'
import { parsePayload } from '#lib/domain/parse-payload.ts'
import { decidePermission } from '#lib/domain/permission.ts'
import { assertRoleEnds, assertSpaceEnds } from '#lib/domain/policy.ts'
import { longestRoleMinutes, shorterOf, spanOf, termOf } from '#lib/domain/role-term.ts'
import { byDecider } from './may-decide.ts'
import { requestHash } from './request-hash.ts'

export const decideRequestInput = z.strictObject({
  id: z.uuid(),
  payloadHash: z.string().regex(/^[0-9a-f]{64}$/),
  decision: z.enum(['approve', 'deny']),
  reason: z.string().trim().max(1_000).default(''),
  /** For a role: how long, in minutes; null: as requested. */
  minutes: z.int('Choose a duration.').min(1).max(longestRoleMinutes).nullable().default(null),
})

/**
 * Decides on someone else's request. An approval is bound to the hash of what the approver was shown and takes effect
 * at once, in the same way as any other change; its time runs from now, or from when it was scheduled. Of two simultaneous decisions one wins.
 * @throws AppError own_request, request_closed, request_changed, not_found, bad_input (a denial needs a reason)
 */
export const decideRequest = changeFound({
  by: byDecider,
  action: ({ decision }) => (decision === 'approve' ? 'request.approve' : 'request.deny'),
  kind: 'request',
  input: decideRequestInput,
  async find(db, ctx, id) {
    const request = await findRequest(db, id)
    if (request?.requesterId === ctx.actor.userId) throw new AppError('own_request')
    return request
  },
  holds: ({ requesterId, spaceId }) => ({ people: [requesterId], spaceId }),
  async prepare({ ctx, found: request, input, about }) {
    const payload = parsePayload(request.payload)
    const hash = requestHash(request.requesterId, payload, request.reason)
    if (hash !== request.payloadHash || hash !== input.payloadHash || isElsewhere(request, payload))
      throw new AppError('request_changed')
    if (input.decision === 'deny' && input.reason.length < 3) {
      throw new AppError('bad_input', {
        sentence: 'Give a reason for denying it.',
        fields: { reason: 'Give a reason for denying it.' },
      })
    }
    about({
      detail: { request: payload, requester: request.requester.handle, reason: input.reason, minutes: input.minutes },
      ...(request.spaceId && { spaceId: request.spaceId }),
      ...(request.space && { destination: clusterDestination(request.space.cluster.name) }),
    })
    const effect = input.decision === 'approve' ? await prepareEffect(ctx, request, input.minutes) : null
    return {
      async write({ tx, found: again, now }) {
        const outcome = {
          state: effect ? ('approved' as const) : ('denied' as const),
          deciderId: ctx.actor.userId,
          decisionReason: input.reason || null,
          endsAt: effect?.endsAt ?? null,
        }
        await closeRequest(tx, { id: request.id, payloadHash: hash }, outcome, ctx.clock())
        await tellRequester(ctx, tx, request, outcome)
        if (!effect) return
        await assertActive(tx, request.requesterId)
        if (payload.kind === 'role') assertNotOwner(again)
        await effect.apply(tx, now)
        await tellOfRole(ctx, tx, again, effect.endsAt, input.reason)
      },
      reconcile: effect?.reconcile,
    }
  },
})

/** Tells the requester what was decided. */
function tellRequester(
  ctx: BrokerContext,
  tx: Tx,
  { id, requesterId, spaceId, space, payload }: RequestRecord,
  outcome: { state: 'approved' | 'denied'; decisionReason: string | null; endsAt: Date | null },
): Promise<void> {
  const of = space && { name: space.name, cluster: space.cluster.name }
  const event = {
    kind: 'request-decided' as const,
    request: id,
    asked: askedOf(parsePayload(payload), of),
    decision: outcome.state,
    by: nameOf(ctx.actor),
    reason: outcome.decisionReason,
    endsAt: outcome.endsAt?.toISOString() ?? null,
  }
  return tellPeople(ctx, tx, event, { to: [requesterId], spaceId })
}

/** Notifies the owner of a role that a platform admin approves in their space. */
async function tellOfRole(
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

/** A deactivated person gets nothing. The row is held, so that they can't be deactivated in the meantime. */
async function assertActive(tx: Tx, userId: string): Promise<void> {
  const { deactivatedAt } = await readPerson(tx, userId)
  if (deactivatedAt)
    throw new AppError('request_closed', {
      sentence: 'The requester’s account is deactivated. You can only deny this request.',
    })
}

/** Who decides follows from the row's space, what happens from the payload's: they must be the same. */
const isElsewhere = ({ spaceId }: RequestRecord, payload: RequestPayload): boolean =>
  payload.kind !== 'space' && spaceId !== null && spaceId !== payload.spaceId

/** Somebody who owns the space by now needs no role in it. */
function assertNotOwner({ space, requesterId }: RequestRecord): void {
  if (space?.ownerId === requesterId)
    throw new AppError('request_closed', { sentence: 'The requester owns the space by now. You can only deny this.' })
}

/** Somebody who has lost their say in a space gets nothing changed there. */
async function assertMayStillAsk(ctx: BrokerContext, tx: Tx, request: RequestRecord, spaceId: string): Promise<void> {
  const space = await findSpaceById(tx, spaceId, request.requesterId, ctx.clock())
  const subject = { platformRole: 'member' as const, standing: space?.standing ?? null }
  if (decidePermission('request-size', subject) !== 'allowed')
    throw new AppError('request_closed', {
      sentence: 'The requester is no longer an admin of the space. You can only deny this request.',
    })
}

type Effect = {
  /** The space to reconcile on the cluster; a new one queues its job itself. */
  reconcile: { spaceId: string; queued?: boolean }
  endsAt: Date | null
  /** @param now the context as it is in this transaction: the policy may have been tightened */
  apply: (tx: Tx, now: BrokerContext) => Promise<void>
}

/** Works out what an approval does, before anything is written. */
async function prepareEffect(ctx: BrokerContext, request: RequestRecord, minutes: number | null): Promise<Effect> {
  const payload = parsePayload(request.payload)
  if (payload.kind === 'space') {
    const end = payload.endsAt === null ? null : new Date(payload.endsAt)
    const draft = await checkSpaceDraft(ctx, { ...payload, endsAt: end })
    const spaceId = randomUUID()
    return {
      reconcile: { spaceId, queued: true },
      endsAt: null,
      apply: (tx, held) =>
        insertSpaceDraft(held, tx, draft, { id: spaceId, ownerId: request.requesterId, requestId: request.id }),
    }
  }
  const space = await findSpaceById(ctx.pool, payload.spaceId, request.requesterId, ctx.clock())
  if (!space) throw new AppError('request_closed', { sentence: 'The space no longer exists.' })
  assertLiving(space)
  if (payload.kind === 'life') return lifeEffect(ctx, request, payload)
  if (payload.kind === 'size') {
    return {
      reconcile: { spaceId: space.id },
      endsAt: null,
      async apply(tx) {
        await assertMayStillAsk(ctx, tx, request, space.id)
        if (!(await resizeSpaceRow(tx, space.id, { from: payload.from, to: payload.size })))
          throw new AppError('request_closed', {
            sentence: 'The size has changed since. A new request is needed.',
          })
      },
    }
  }
  const now = ctx.clock()
  const term = termOf(payload)
  const { startsAt, endsAt } = spanOf({ ...term, minutes: shorterOf(minutes, term.minutes) }, now)
  return {
    reconcile: { spaceId: space.id },
    endsAt,
    async apply(tx, held) {
      assertRoleEnds(held.policy, startsAt, payload.role, endsAt)
      const user = { userId: request.requesterId, ...request.requester }
      await insertGrant(tx, {
        spaceId: space.id,
        principal: { kind: 'user', user },
        role: payload.role,
        startsAt,
        awaitsStart: startsAt > now,
        endsAt,
        createdById: ctx.actor.userId,
        requestId: request.id,
        withheldFrom: [],
      })
    },
  }
}

/** A later end takes effect only if the space still has the end it had, and the new one is still to come. */
function lifeEffect(
  ctx: BrokerContext,
  request: RequestRecord,
  { spaceId, from, endsAt }: Extract<RequestPayload, { kind: 'life' }>,
): Effect {
  const [before, to] = [dateOf(from), dateOf(endsAt)]
  if (to && to <= ctx.clock())
    throw new AppError('request_closed', { sentence: 'That end has passed. A new request is needed.' })
  return {
    reconcile: { spaceId },
    endsAt: null,
    async apply(tx, held) {
      assertSpaceEnds(held.policy, held.clock(), to)
      await assertMayStillAsk(ctx, tx, request, spaceId)
      if (!(await extendSpaceRow(tx, spaceId, { from: before, to, requestId: request.id })))
        throw new AppError('request_closed', { sentence: 'The end has changed since. A new request is needed.' })
    },
  }
}

const dateOf = (text: string | null): Date | null => (text === null ? null : new Date(text))
