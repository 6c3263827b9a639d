import type { Tx } from '#lib/kernel/db/client.ts'
import { takeExpiredOffers } from '#lib/kernel/db/spaces/take-ended.ts'
import { aboutSpace } from '#lib/kernel/use-case/authorize.ts'
import type { SystemContext } from '#lib/kernel/use-case/context.ts'
import { notifyPeople } from '#lib/kernel/use-case/notify-people.ts'
import { writeSystemEvent } from '#lib/kernel/use-case/write-system-event.ts'

/** Closes expired offers, of one space or of all, and records this in the trail. @returns how many */
export async function expireOffers(ctx: SystemContext, tx: Tx, ofSpace?: string): Promise<number> {
  const expired = await takeExpiredOffers(tx, ctx.clock(), ofSpace)
  for (const { id, to, spaceId, spaceName: name, namespace, cluster, ownerId } of expired) {
    await writeSystemEvent(ctx, tx, {
      ...aboutSpace({ id: spaceId, name, namespace, cluster }),
      action: 'space.offer-expire',
      detail: { offer: id, to: to.handle },
    })
    const event = { kind: 'offer-expired' as const, space: { name, cluster }, to }
    await notifyPeople(ctx, tx, event, { to: [ownerId], spaceId })
  }
  return expired.length
}
