import { randomUUID } from 'node:crypto'
import { extendSpaceRow, resizeSpaceRow } from '#lib/features/requests/db/space-rows.ts'
import { checkSpaceDraft, insertSpaceDraft } from '#lib/features/spaces/use-cases/space-draft.ts'
import type { Tx } from '#lib/kernel/db/client.ts'
import type { RequestRecord } from '#lib/kernel/db/requests/find-request.ts'
import { findSpaceById } from '#lib/kernel/db/spaces/find-space.ts'
import { insertGrant } from '#lib/kernel/db/spaces/insert-grant.ts'
import { shorterOf, spanOf, termOf } from '#lib/kernel/model/access/role-term.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import { decidePermission } from '#lib/kernel/model/people/permission.ts'
import { assertRoleEnds, assertSpaceEnds } from '#lib/kernel/model/policy/policy.ts'
import type { RequestPayload } from '#lib/kernel/model/requests/access-request.ts'
import { parsePayload } from '#lib/kernel/model/requests/parse-payload.ts'
import { assertLiving } from '#lib/kernel/use-case/authorize.ts'
import type { BrokerContext } from '#lib/kernel/use-case/context.ts'

/** The effect of a request's last approval. */
export type ApprovalEffect = {
  /** The space to reconcile on the cluster. Creating a space queues its own job. */
  reconcile: { spaceId: string; queued?: boolean }
  /**
   * Checks the approval against the current policy and the approver's rules.
   * @param now the context of this transaction: the policy may be stricter than on the page
   * @param minutes for a role: the shortest time that any approval allows; null: as requested
   * @returns when the role ends; null if it never does, or if this is no role
   */
  check: (now: BrokerContext, minutes: number | null) => Date | null
  apply: (tx: Tx, now: BrokerContext, minutes: number | null) => Promise<void>
}

/**
 * Works out the effect of an approval. Writes nothing.
 * @throws AppError request_closed, space_deleting, name_*
 */
export async function prepareEffect(ctx: BrokerContext, request: RequestRecord): Promise<ApprovalEffect> {
  const payload = parsePayload(request.payload)
  if (payload.kind === 'space') return spaceEffect(ctx, request, payload)
  const space = await findSpaceById(ctx.pool, payload.spaceId, request.requesterId, ctx.clock())
  if (!space) throw new AppError('request_closed', { sentence: 'The space no longer exists.' })
  assertLiving(space)
  switch (payload.kind) {
    case 'life':
      return lifeEffect(ctx, request, payload)
    case 'size':
      return sizeEffect(ctx, request, payload)
    case 'role':
      return roleEffect(ctx, request, payload)
  }
}

type Payload<K extends RequestPayload['kind']> = Extract<RequestPayload, { kind: K }>

async function spaceEffect(ctx: BrokerContext, request: RequestRecord, payload: Payload<'space'>) {
  const draft = await checkSpaceDraft(ctx, { ...payload, endsAt: dateOf(payload.endsAt) })
  const spaceId = randomUUID()
  return {
    reconcile: { spaceId, queued: true },
    check: () => null,
    apply: (tx: Tx, now: BrokerContext) =>
      insertSpaceDraft(now, tx, draft, {
        id: spaceId,
        ownerId: request.requesterId,
        requestId: request.id,
        declaredIn: payload.declaredIn,
      }),
  }
}

function sizeEffect(
  ctx: BrokerContext,
  request: RequestRecord,
  { spaceId, from, size }: Payload<'size'>,
): ApprovalEffect {
  return {
    reconcile: { spaceId },
    check: () => null,
    async apply(tx) {
      await assertMayStillAsk(ctx, tx, request, spaceId)
      if (!(await resizeSpaceRow(tx, spaceId, { from, to: size })))
        throw new AppError('request_closed', { sentence: 'The size has changed since then. Make a new request.' })
    },
  }
}

/** A later end applies only if the space's end hasn't changed since the request and the new one is in the future. */
function lifeEffect(
  ctx: BrokerContext,
  request: RequestRecord,
  { spaceId, from, endsAt }: Payload<'life'>,
): ApprovalEffect {
  const [before, to] = [dateOf(from), dateOf(endsAt)]
  if (to && to <= ctx.clock())
    throw new AppError('request_closed', { sentence: 'That end has passed. Make a new request.' })
  return {
    reconcile: { spaceId },
    check(now) {
      assertSpaceEnds(now.policy, now.clock(), to)
      return null
    },
    async apply(tx) {
      await assertMayStillAsk(ctx, tx, request, spaceId)
      if (!(await extendSpaceRow(tx, spaceId, { from: before, to, requestId: request.id })))
        throw new AppError('request_closed', { sentence: 'The end has changed since then. Make a new request.' })
    },
  }
}

/** The role's time runs from the last approval, or from its scheduled start. */
function roleEffect(ctx: BrokerContext, request: RequestRecord, payload: Payload<'role'>): ApprovalEffect {
  const now = ctx.clock()
  const term = termOf(payload)
  const span = (minutes: number | null) => spanOf({ ...term, minutes: shorterOf(minutes, term.minutes) }, now)
  return {
    reconcile: { spaceId: payload.spaceId },
    check({ policy }, minutes) {
      const { startsAt, endsAt } = span(minutes)
      assertRoleEnds(policy, startsAt, payload.role, endsAt)
      return endsAt
    },
    async apply(tx, _, minutes) {
      const { startsAt, endsAt } = span(minutes)
      await insertGrant(tx, {
        spaceId: payload.spaceId,
        principal: { kind: 'user', user: { userId: request.requesterId, ...request.requester } },
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

/** A requester who is no longer an admin of the space can't have it changed. */
async function assertMayStillAsk(ctx: BrokerContext, tx: Tx, request: RequestRecord, spaceId: string): Promise<void> {
  const space = await findSpaceById(tx, spaceId, request.requesterId, ctx.clock())
  const subject = { platformRole: 'member' as const, standing: space?.standing ?? null }
  if (decidePermission('request-size', subject) !== 'allowed')
    throw new AppError('request_closed', {
      sentence: 'The requester is no longer an admin of the space. You can only deny this request.',
    })
}

const dateOf = (text: string | null): Date | null => (text === null ? null : new Date(text))
