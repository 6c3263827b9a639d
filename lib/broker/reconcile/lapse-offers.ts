import { aboutSpace } from '#lib/broker/use-case/authorize.ts'
import type { SystemContext } from '#lib/broker/use-case/context.ts'
import { writeSystemEvent } from '#lib/broker/use-case/write-system-event.ts'
import type { Tx } from '#lib/db/client.ts'
import { takeLapsedOffers } from '#lib/db/take-ended.ts'

/** Closes expired offers, of one space or of all, and records it in the trail. @returns how many */
export async function lapseOffers(ctx: SystemContext, tx: Tx, ofSpace?: string): Promise<number> {
  const lapsed = await takeLapsedOffers(tx, ctx.clock(), ofSpace)
  for (const { id, to, spaceId, spaceName, namespace, cluster } of lapsed) {
    await writeSystemEvent(ctx, tx, {
      ...aboutSpace({ id: spaceId, name: spaceName, namespace, cluster }),
      action: 'space.offer-lapse',
      detail: { offer: id, to },
    })
  }
  return lapsed.length
}
