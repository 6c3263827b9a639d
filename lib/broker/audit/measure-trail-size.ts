import type { Services } from '#lib/broker/use-case/context.ts'
import { measureTrail } from '#lib/db/measure-trail.ts'
import { metrics } from '#lib/observability/metrics.ts'

/** Updates the trail's gauges before the metrics are shown. An unknown size is never reported as 0. */
export async function measureTrailSize({ pool }: Pick<Services, 'pool'>): Promise<void> {
  const { rows, bytes } = await measureTrail(pool).catch(() => ({ rows: Number.NaN, bytes: Number.NaN }))
  metrics().trailRows.set(rows)
  metrics().trailBytes.set(bytes)
}
