import type { Tx } from '#lib/kernel/db/client.ts'
import { closeWithSpace } from '#lib/kernel/db/spaces/close-with-space.ts'
import { enqueueReconcile } from '#lib/kernel/db/spaces/enqueue-reconcile.ts'
import type { SpaceRecord } from '#lib/kernel/db/spaces/find-space.ts'
import { selectMembersOfSpaces } from '#lib/kernel/db/spaces/select-members-of-spaces.ts'
import { markSpaceDeleting } from '#lib/kernel/db/spaces/space-row.ts'
import { type EventOf, requestedChangeOf } from '#lib/kernel/model/inbox/event.ts'
import { parsePayload } from '#lib/kernel/model/requests/parse-payload.ts'
import { deleteSteps } from '#lib/kernel/model/spaces/space-status.ts'
import { waitingSteps } from '#lib/kernel/model/spaces/step-list.ts'
import { aboutSpace } from '#lib/kernel/use-case/authorize.ts'
import type { BrokerContext, SystemContext } from '#lib/kernel/use-case/context.ts'
import { nameOf, notifyPeople } from '#lib/kernel/use-case/notify-people.ts'
import { writeSideEffect } from '#lib/kernel/use-case/write-side-effect.ts'
import { expireOffers } from './expire-offers.ts'

const why = 'The space was deleted.'
/** As many as fit into a row of the trail. */
const maxNamed = 100

/** `because`: why it is deleted, if not by a person. */
type Options = { afterSeconds?: number; because?: EventOf<'space-deleted'>['why'] }

/**
 * Marks a space for deletion, ends its credentials, offer and members' requests, notifies its people, and queues the
 * work, each with a trail row. Requests for roles stay open until they expire: the requester may be a stranger, who
 * must not learn that the space existed.
 */
export async function startDeletion(
  ctx: BrokerContext | SystemContext,
  tx: Tx,
  space: Pick<SpaceRecord, 'id' | 'name' | 'namespace' | 'cluster' | 'ownerId'>,
  { afterSeconds = 2, because = null }: Options = {},
): Promise<void> {
  const at = ctx.clock()
  await notifyOfDeletion(ctx, tx, space, because)
  await markSpaceDeleting(tx, space.id, waitingSteps(deleteSteps), at)
  await expireOffers(ctx, tx, space.id)
  const closed = await closeWithSpace(tx, space.id, at, why)
  const about = aboutSpace(space)
  for (const { id, to } of closed.offers)
    await writeSideEffect(ctx, tx, { ...about, action: 'space.offer-withdraw', detail: { offer: id, to, why } })
  for (const { id, requester, requesterId, payload } of closed.requests) {
    await writeSideEffect(ctx, tx, {
      ...about,
      action: 'request.close',
      target: { kind: 'request', id },
      detail: { requester, why },
    })
    const asked = requestedChangeOf(parsePayload(payload), space)
    const event = { kind: 'request-expired' as const, request: id, asked, reason: why }
    await notifyPeople(ctx, tx, event, { to: [requesterId], spaceId: space.id })
  }
  if (closed.credentials.length > 0) {
    const credentials = closed.credentials.slice(0, maxNamed)
    const detail = { credentials, credentialCount: closed.credentials.length, why }
    await writeSideEffect(ctx, tx, { ...about, action: 'credential.end', detail })
  }
  await enqueueReconcile(tx, space.id, afterSeconds)
}

async function notifyOfDeletion(
  ctx: BrokerContext | SystemContext,
  tx: Tx,
  { id: spaceId, name, cluster, ownerId }: Pick<SpaceRecord, 'id' | 'name' | 'cluster' | 'ownerId'>,
  why: EventOf<'space-deleted'>['why'],
): Promise<void> {
  const by = 'actor' in ctx ? nameOf(ctx.actor) : null
  const event = { kind: 'space-deleted' as const, space: { name, cluster }, by, why }
  const members = (await selectMembersOfSpaces(tx, [spaceId], ctx.clock())).map(({ userId }) => userId)
  await notifyPeople(ctx, tx, { ...event, isOwner: true }, { to: [ownerId], spaceId })
  const others = members.filter((userId) => userId !== ownerId)
  await notifyPeople(ctx, tx, { ...event, isOwner: false }, { to: others, spaceId })
}
