import { countQueue } from '#lib/kernel/db/count-queue.ts'
import type { Services } from '#lib/kernel/use-case/context.ts'
import { metrics } from '#lib/observability/metrics.ts'

/** Updates the queue's gauge before metrics are served. An unknown length is never reported as 0. */
export async function measureQueue({ pool }: Pick<Services, 'pool'>): Promise<void> {
  metrics().queueLength.set(await countQueue(pool).catch(() => Number.NaN))
}
