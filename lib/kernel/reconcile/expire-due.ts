import type { Tx } from '#lib/kernel/db/client.ts'
import { inTransaction } from '#lib/kernel/db/in-transaction.ts'
import { requestReconcile } from '#lib/kernel/db/spaces/enqueue-reconcile.ts'
import {
  claimUncreatableSpaces,
  type DueGrant,
  takeEndedGrants,
  takeEndedSpaces,
  takeExpiredRequests,
  takeStartedGrants,
} from '#lib/kernel/db/spaces/take-ended.ts'
import { hourMs } from '#lib/kernel/model/duration.ts'
import { requestedChangeOf } from '#lib/kernel/model/inbox/event.ts'
import { parsePayload } from '#lib/kernel/model/requests/parse-payload.ts'
import { clusterDestination } from '#lib/kernel/model/spaces/destination.ts'
import { aboutSpace } from '#lib/kernel/use-case/authorize.ts'
import type { SystemContext } from '#lib/kernel/use-case/context.ts'
import { notifyPeople } from '#lib/kernel/use-case/notify-people.ts'
import { writeSystemEvent } from '#lib/kernel/use-case/write-system-event.ts'
import { expireOffers } from './expire-offers.ts'
import { startDeletion } from './start-deletion.ts'

/** How long an uncreatable space shows the reason before it is rolled back, which frees its name and quota slot. */
const uncreatableForMs = hourMs

/**
 * Applies everything that is due: grants start and end, spaces are deleted (uncreatable ones rolled back), requests and
 * offers expire. (The rest decides by the clock.) Safe to run in several workers at once.
 * @returns how many of each
 */
export async function expireDue(
  ctx: SystemContext,
): Promise<{ started: number; grants: number; spaces: number; requests: number; offers: number }> {
  return {
    started: await applyDueGrants(ctx, 'grant.start', takeStartedGrants),
    grants: await applyDueGrants(ctx, 'grant.end', takeEndedGrants),
    spaces: await endSpaces(ctx),
    requests: await expireRequests(ctx),
    offers: await inTransaction(ctx.db, (tx) => expireOffers(ctx, tx)),
  }
}

async function applyDueGrants(
  ctx: SystemContext,
  action: 'grant.start' | 'grant.end',
  take: (tx: Tx, at: Date) => Promise<DueGrant[]>,
): Promise<number> {
  return inTransaction(ctx.db, async (tx) => {
    const due = await take(tx, ctx.clock())
    for (const grant of due) {
      await writeSystemEvent(ctx, tx, {
        action,
        target: { kind: 'space', id: grant.spaceId, name: grant.spaceName },
        spaceId: grant.spaceId,
        namespace: grant.namespace,
        destination: clusterDestination(grant.cluster),
        detail: { principal: grant.principal, ...(grant.issuer && { issuer: grant.issuer }), role: grant.role },
      })
    }
    for (const spaceId of new Set(due.map((grant) => grant.spaceId))) await requestReconcile(tx, spaceId, 0)
    return due.length
  })
}

async function endSpaces(ctx: SystemContext): Promise<number> {
  return inTransaction(ctx.db, async (tx) => {
    const now = ctx.clock()
    const ended = [
      ...(await takeEndedSpaces(tx, now)).map((space) => ({
        ...space,
        why: 'its end date has passed',
        because: 'ended' as const,
      })),
      ...(await claimUncreatableSpaces(tx, new Date(now.getTime() - uncreatableForMs))).map((space) => ({
        ...space,
        why: 'it can’t be created: the cluster already has a namespace with that name',
        because: 'name-taken' as const,
      })),
    ]
    for (const { why, because, ...space } of ended) {
      const detail = { why }
      await writeSystemEvent(ctx, tx, { ...aboutSpace(space), action: 'space.delete', detail })
      await startDeletion(ctx, tx, space, { afterSeconds: 0, because })
    }
    return ended.length
  })
}

async function expireRequests(ctx: SystemContext): Promise<number> {
  return inTransaction(ctx.db, async (tx) => {
    const expired = await takeExpiredRequests(tx, ctx.clock())
    for (const { id, spaceId, requesterId, payload, space } of expired) {
      await writeSystemEvent(ctx, tx, {
        action: 'request.expire',
        target: { kind: 'request', id },
        spaceId: spaceId ?? undefined,
        destination: 'portal',
        detail: { request: parsePayload(payload) },
      })
      const asked = requestedChangeOf(parsePayload(payload), space)
      const event = { kind: 'request-expired' as const, request: id, asked, reason: null }
      await notifyPeople(ctx, tx, event, { to: [requesterId], spaceId })
    }
    return expired.length
  })
}
