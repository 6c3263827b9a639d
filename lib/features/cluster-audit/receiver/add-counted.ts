import { dropCounted, moveCounted, selectCounted } from '#lib/features/cluster-audit/db/counted-audit.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import type { Logger } from '#lib/observability/logger.ts'
import { isBadData } from './is-bad-data.ts'

/** A batch that began in a minute may still be counted in it. */
const settledMs = 60_000 + 30_000
const maxAtOnce = 500

/**
 * Adds a row to the trail for each minute, user, namespace, verb and resource with more events than are kept. Safe to
 * run in several workers at once.
 */
export async function addCounted({ pool, log, clock }: { pool: Pool; log: Logger; clock: () => Date }): Promise<void> {
  const before = new Date(clock().getTime() - settledMs)
  for (const place of await selectCounted(pool, before, maxAtOnce))
    try {
      const unmatched = await moveCounted(pool, place)
      if (unmatched > 0)
        log.error(place, 'among the counted events, an identity of Spaceport was used outside Spaceport')
    } catch (error) {
      if (!isBadData(error)) throw error
      log.error({ ...place, lost: await dropCounted(pool, place) }, 'the database refuses events of a cluster’s audit')
    }
}
