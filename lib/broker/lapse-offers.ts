import type { Tx } from '../db/client.ts'
import { takeLapsedOffers } from '../db/take-ended.ts'
import { aboutSpace } from './authorize.ts'
import type { SystemContext } from './context.ts'
import { writeSystemEvent } from './write-system-event.ts'

/** Closes offers whose time is over, of one space or of all, and says so in the trail. @returns how many */
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
