import { measureSealing } from '#lib/features/audit/db/chain/sealing.ts'
import { measureTrail } from '#lib/features/audit/db/measure-trail.ts'
import type { Services } from '#lib/kernel/use-case/context.ts'
import { metrics } from '#lib/observability/metrics.ts'

/** Updates the trail's gauges before a scrape. An unknown value is never reported as 0. */
export async function measureTrailSize({ pool }: Pick<Services, 'pool'>): Promise<void> {
  const { rows, bytes } = await measureTrail(pool).catch(() => ({ rows: Number.NaN, bytes: Number.NaN }))
  metrics().trailRows.set(rows)
  metrics().trailBytes.set(bytes)
  const unknown = { unsealed: Number.NaN, ageSeconds: Number.NaN, blocks: Number.NaN }
  const sealing = await measureSealing(pool).catch(() => unknown)
  metrics().trailUnsealed.set(sealing.unsealed)
  metrics().trailUnsealedAge.set(sealing.ageSeconds)
  metrics().trailBlocks.set(sealing.blocks)
}
