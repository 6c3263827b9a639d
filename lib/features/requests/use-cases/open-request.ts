import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { insertRequest } from '#lib/features/requests/db/request-rows.ts'
import type { Tx } from '#lib/kernel/db/client.ts'
import { countRequestsSince, selectOpenPayloads } from '#lib/kernel/db/requests/open-requests.ts'
import { dayMs, hourMs } from '#lib/kernel/model/duration.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import { requestedChangeOf } from '#lib/kernel/model/inbox/event.ts'
import { ruleOf } from '#lib/kernel/model/policy/approval-rules.ts'
import { assertRequestReason } from '#lib/kernel/model/policy/policy.ts'
import type { RequestPayload } from '#lib/kernel/model/requests/access-request.ts'
import type { BrokerContext } from '#lib/kernel/use-case/context.ts'
import { nameOf } from '#lib/kernel/use-case/notify-people.ts'
import type { Recording } from '#lib/kernel/use-case/recorded.ts'
import { notifyApprovers } from './notify-approvers.ts'
import { requestHash } from './request-hash.ts'

/** The policy decides whether it is required. */
export const reason = z.string().trim().max(1_000)

/** Limit of open requests per person. */
export const maxOpen = 20
/** Includes withdrawn requests: each one adds a trail entry and notifies approvers. */
export const maxPerHour = 40

type Space = { name: string; cluster: string }

/**
 * Prepares a request. It can't change afterwards: decisions are bound to its hash.
 * @returns a change that throws AppError request_duplicate for an open request with the same subject; rate_limited for
 *   too many open requests or too many in an hour; bad_input if the policy requires a reason and there is none
 */
export function openRequest(
  ctx: BrokerContext,
  about: Recording['about'],
  asked: { payload: RequestPayload; reason: string; clusterId: string; spaceId: string | null; space: Space | null },
): { write: (held: { tx: Tx; now: BrokerContext }) => Promise<{ id: string }> } {
  const { userId } = ctx.actor
  const { payload, spaceId } = asked
  const id = randomUUID()
  const now = ctx.clock()
  about({ detail: { request: { id, ...payload }, reason: asked.reason } })
  assertRequestReason(ctx.policy, asked.reason)
  return {
    async write({ tx, now: held }) {
      const { policy } = held
      assertRequestReason(policy, asked.reason)
      const open = await selectOpenPayloads(tx, userId, now)
      if (open.some((other) => subjectOf(other) === subjectOf(payload))) throw new AppError('request_duplicate')
      if (open.length >= maxOpen)
        throw new AppError('rate_limited', {
          sentence: `You have ${maxOpen} open requests. Wait for a decision, or withdraw one.`,
        })
      const lately = await countRequestsSince(tx, userId, new Date(now.getTime() - hourMs))
      if (lately >= maxPerHour)
        throw new AppError('rate_limited', {
          sentence: `You’ve sent ${maxPerHour} requests in the past hour. Try again later.`,
        })
      await insertRequest(tx, {
        id,
        requesterId: userId,
        clusterId: asked.clusterId,
        spaceId,
        payload,
        payloadHash: requestHash(userId, payload, asked.reason),
        reason: asked.reason,
        createdAt: now,
        expiresAt: new Date(now.getTime() + policy.requestExpiryDays * dayMs),
      })
      const event = {
        kind: 'request-waiting' as const,
        request: id,
        asked: requestedChangeOf(payload, asked.space),
        by: nameOf(ctx.actor),
        reason: asked.reason,
      }
      const missing = ruleOf(policy, payload.kind).approvals
      await notifyApprovers(held, tx, event, { requestId: id, spaceId, missing })
      return { id }
    },
  }
}

/** Identifies what is requested for which space. A person can have one open request per subject. */
function subjectOf(payload: RequestPayload): string {
  if (payload.kind === 'space') return `space ${payload.cluster} ${payload.name}`
  if (payload.kind === 'life') return `life ${payload.spaceId} ${payload.endsAt}`
  if (payload.kind === 'size') return `size ${payload.spaceId} ${payload.size}`
  return `role ${payload.cluster} ${payload.space} ${payload.role}`
}
