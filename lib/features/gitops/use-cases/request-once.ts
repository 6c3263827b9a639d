import { findLastRequest, type RequestSubject } from '#lib/features/gitops/db/find-last-request.ts'
import type { Problem } from '#lib/features/gitops/model/space-object-status.ts'
import { maxOpen, maxPerHour } from '#lib/features/requests/use-cases/open-request.ts'
import { withdrawRequest } from '#lib/features/requests/use-cases/withdraw-request.ts'
import { inTransaction } from '#lib/kernel/db/in-transaction.ts'
import { countRequestsSince, selectOpenPayloads } from '#lib/kernel/db/requests/open-requests.ts'
import { hourMs } from '#lib/kernel/model/duration.ts'
import { lacksReason } from '#lib/kernel/model/policy/policy.ts'
import {
  canonicalRequest,
  type RequestPayload,
  type ShownRequestState,
} from '#lib/kernel/model/requests/access-request.ts'
import type { GitActor } from './git-actor.ts'

const refusals: Partial<Record<ShownRequestState, Problem>> = {
  denied: { reason: 'RequestDenied', message: 'The request was denied.' },
  withdrawn: { reason: 'RequestWithdrawn', message: 'The request was withdrawn.' },
  closed: { reason: 'RequestClosed', message: 'The request was closed.' },
  expired: { reason: 'RequestExpired', message: 'The request expired without a decision.' },
}
const reasonRequired: Problem = {
  reason: 'ReasonRequired',
  message: 'This needs approval, which requires a reason: set spec.reason to at least 3 characters.',
}
const again = 'To make a new request, change the object or its reason.'

/**
 * Requests an approval once. The answer stays valid until the object changes what it declares or its reason.
 * @param ask opens the request; another open one about the same subject is withdrawn first
 * @returns why it isn't applied yet, and the request
 */
export async function askOnce(
  { ctx, as }: GitActor,
  { about, payload, reason }: { about: RequestSubject; payload: RequestPayload; reason: string },
  ask: () => Promise<{ id: string }>,
): Promise<Problem & { requestId?: string }> {
  const last = await findLastRequest(ctx.pool, ctx.actor.userId, about, ctx.clock())
  const textOf = (request: { payload: RequestPayload; reason: string }) =>
    canonicalRequest('', request.payload, request.reason)
  const isSame = last !== null && textOf(last) === textOf({ payload, reason })
  const refusal = isSame ? refusals[last.state] : undefined
  if (refusal) return { reason: refusal.reason, message: `${refusal.message} ${again}`, requestId: last?.id ?? '' }
  const waiting = { reason: 'WaitingForApproval', message: 'This needs approval.' }
  if (isSame && last.state === 'open') return { ...waiting, requestId: last.id }
  if (lacksReason(ctx.policy, reason)) return reasonRequired
  const { userId } = ctx.actor
  const now = ctx.clock()
  const { open, lately } = await inTransaction(ctx.db, async (tx) => ({
    open: await selectOpenPayloads(tx, userId, now),
    lately: await countRequestsSince(tx, userId, new Date(now.getTime() - hourMs)),
  }))
  const tooMany = (message: string) => ({ reason: 'TooManyRequests', message })
  if (open.length >= maxOpen)
    return tooMany(`${maxOpen} requests are already open. This one waits for a decision on them.`)
  if (lately >= maxPerHour) return tooMany(`${maxPerHour} requests were sent in the past hour. This one waits.`)
  if (last?.state === 'open') await withdrawRequest(as(), { id: last.id })
  const { id } = await ask()
  return { ...waiting, requestId: id }
}
