import { makeTrailPartitions, measureSealing, sealTrail } from '#lib/features/audit/db/chain/sealing.ts'
import { ok } from '#lib/kernel/model/readiness.ts'
import type { SystemContext } from '#lib/kernel/use-case/context.ts'

/** One transaction, which takes a fraction of a second. */
const maxRows = 10_000
/** A row is usually sealed within a second of its commit. */
const lateSeconds = 30
const warnEveryMs = 60_000

/**
 * Seals waiting rows. Any number of workers may run it: one at a time appends, the others find nothing to do.
 * @returns the schedule's run, which warns at most once a minute while sealing is late
 */
export function createSealer(): (ctx: SystemContext) => Promise<void> {
  let nextWarning = 0
  return async (ctx) => {
    while ((await sealTrail(ctx.pool, maxRows)) === maxRows) await warnIfLate(ctx)
  }

  async function warnIfLate(ctx: SystemContext): Promise<void> {
    if (performance.now() < nextWarning) return
    nextWarning = performance.now() + warnEveryMs
    const { unsealed, ageSeconds } = await measureSealing(ctx.pool)
    if (ageSeconds > lateSeconds) ctx.log.warn({ unsealed, ageSeconds }, 'rows of the trail wait to be sealed')
  }
}

/** @returns the state of sealing for the readiness check: `ok`, or how late it is */
export async function describeSealing({ pool }: Pick<SystemContext, 'pool'>): Promise<string> {
  const { ageSeconds } = await measureSealing(pool)
  return ageSeconds > lateSeconds ? `rows have waited to be sealed for ${Math.round(ageSeconds)} s` : ok
}

/** Creates partitions ahead, so that the trail can be written even if all workers fail. */
export async function makeMonthsAhead(ctx: SystemContext): Promise<void> {
  const made = await makeTrailPartitions(ctx.pool)
  if (made > 0) ctx.log.info({ months: made }, 'partitions of the trail were made')
}
