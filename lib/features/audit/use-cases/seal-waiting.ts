import { makeTrailPartitions, measureSealing, sealTrail } from '#lib/features/audit/db/chain/sealing.ts'
import { ok } from '#lib/kernel/model/readiness.ts'
import type { SystemContext } from '#lib/kernel/use-case/context.ts'

/** In one transaction: a fraction of a second's work. */
const maxRows = 10_000
/** A row is usually sealed within a second of its commit. */
const lateSeconds = 30
const warnEveryMs = 60_000

/**
 * Seals what waits. Any number of workers do it side by side: one at a time appends, the others find nothing to do.
 * @returns the schedule's run, which warns at most once a minute while sealing is late
 */
export function sealInTurn(): (ctx: SystemContext) => Promise<void> {
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

/** @returns a word about sealing for readiness: `ok`, or since when it is late */
export async function describeSealing({ pool }: Pick<SystemContext, 'pool'>): Promise<string> {
  const { ageSeconds } = await measureSealing(pool)
  return ageSeconds > lateSeconds ? `rows wait to be sealed for ${Math.round(ageSeconds)} s` : ok
}

/** Makes months' partitions ahead, so that the trail can be written whatever becomes of the workers. */
export async function makeMonthsAhead(ctx: SystemContext): Promise<void> {
  const made = await makeTrailPartitions(ctx.pool)
  if (made > 0) ctx.log.info({ months: made }, 'partitions of the trail were made')
}
