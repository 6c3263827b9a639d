import { selectTrailDeliveries } from '#lib/features/audit/db/trail-deliveries.ts'
import type { Services } from '#lib/kernel/use-case/context.ts'
import { metrics } from '#lib/observability/metrics.ts'

/** Updates the delivery gauges before a scrape. While the database is unavailable, they are absent. */
export async function measureDeliveries({ pool, clock }: Pick<Services, 'pool' | 'clock'>): Promise<void> {
  const { trailDeliveryWaiting: waiting, trailDeliveryFailing: failing, trailDeliveredAt: deliveredAt } = metrics()
  for (const gauge of [waiting, failing, deliveredAt]) gauge.reset()
  const now = clock().getTime()
  for (const delivery of await selectTrailDeliveries(pool).catch(() => [])) {
    const { sink } = delivery
    waiting.set({ sink }, delivery.waiting)
    failing.set({ sink }, delivery.failingSince === null ? 0 : (now - delivery.failingSince.getTime()) / 1_000)
    if (delivery.deliveredAt !== null) deliveredAt.set({ sink }, delivery.deliveredAt.getTime() / 1_000)
  }
}
