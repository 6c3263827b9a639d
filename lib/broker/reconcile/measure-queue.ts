import type { Services } from '#lib/broker/use-case/context.ts'
import { countQueue } from '#lib/db/count-queue.ts'
import { metrics } from '#lib/observability/metrics.ts'

/** Brings the queue's gauge up to date, for whoever is about to show the metrics. An unknown length is never told as 0. */
export async function measureQueue({ pool }: Pick<Services, 'pool'>): Promise<void> {
  metrics().queueLength.set(await countQueue(pool).catch(() => Number.NaN))
}
