import {
  closeRequestsOfPerson,
  endGrantsOfPerson,
  withdrawOffersOfPerson,
} from '#lib/features/offboarding/db/departing-user.ts'
import type { Tx } from '#lib/kernel/db/client.ts'
import { insertInboxEvents } from '#lib/kernel/db/inbox/insert-inbox-events.ts'
import { deleteWebhook, findWebhook } from '#lib/kernel/db/inbox/webhook.ts'
import { aboutSpace } from '#lib/kernel/use-case/authorize.ts'
import type { BrokerContext } from '#lib/kernel/use-case/context.ts'
import { writeSideEffects } from '#lib/kernel/use-case/write-side-effect.ts'

const why = 'The requester was offboarded.'

/**
 * Ends a person's own roles; closes their open requests; withdraws the offers from, to and by them; and removes their
 * webhook, so that nothing is sent to its address if they return. Each gets a row in the trail. Notifies owners who had
 * offered them a space.
 * @returns the numbers of roles, requests and offers
 */
export async function removeAllAccess(
  ctx: BrokerContext,
  tx: Tx,
  { id, handle }: { id: string; handle: string },
): Promise<{ grants: number; requests: number; offers: number }> {
  const at = ctx.clock()
  const offers = await withdrawOffersOfPerson(tx, id, at)
  const grants = await endGrantsOfPerson(tx, id, { at, byId: ctx.actor.userId })
  const requests = await closeRequestsOfPerson(tx, id, { at, byId: ctx.actor.userId, why })
  const webhook = await findWebhook(tx, id)
  if (webhook) await deleteWebhook(tx, id)
  await writeSideEffects(ctx, tx, [
    ...offers.map(({ id: offer, to, space }) => ({
      ...aboutSpace(space),
      action: 'space.offer-withdraw' as const,
      detail: { offer, to: to.handle, offboarded: handle },
    })),
    ...grants.map(({ space, role }) => ({
      ...aboutSpace(space),
      action: 'grant.remove' as const,
      detail: { principal: `user:${handle}`, role, asPlatformAdmin: true, offboarded: handle },
    })),
    ...requests.map(({ id: request, spaceId }) => ({
      action: 'request.close' as const,
      target: { kind: 'request', id: request },
      spaceId: spaceId ?? undefined,
      destination: 'portal' as const,
      detail: { requester: handle, why },
    })),
    ...(webhook
      ? [
          {
            action: 'webhook.remove' as const,
            target: { kind: 'webhook', id, name: webhook.host },
            destination: 'portal' as const,
            detail: { offboarded: handle },
          },
        ]
      : []),
  ])
  const toThem = offers.filter(({ toId }) => toId === id)
  await insertInboxEvents(
    tx,
    toThem.map(({ to, ownerId, space: { id: spaceId, name, cluster } }) => ({
      to: ownerId,
      event: { kind: 'offer-expired', space: { name, cluster }, to },
      spaceId,
    })),
    at,
  )
  return { grants: grants.length, requests: requests.length, offers: offers.length }
}
