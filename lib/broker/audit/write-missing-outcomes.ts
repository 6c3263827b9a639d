import type { SystemContext } from '#lib/broker/use-case/context.ts'
import { insertMissingOutcomes } from '#lib/db/insert-missing-outcomes.ts'
import { dayMs } from '#lib/domain/duration.ts'

/** Longer than any process keeps trying to write an outcome itself (lib/audit/persist-outcomes.ts). */
const minAgeMs = 15 * 60_000
/** Older ones date from days without a worker: they read as “unknown”. */
const maxAgeMs = 2 * dayMs

/**
 * Writes the outcome of intents whose process died or lost the database first. The change is durable, as the intent is;
 * whatever is left to do on the cluster is in the queue.
 * @returns how many
 */
export async function writeMissingOutcomes(ctx: SystemContext): Promise<number> {
  const now = ctx.clock()
  const ago = (ms: number) => new Date(now.getTime() - ms)
  return insertMissingOutcomes(ctx.pool, { from: ago(maxAgeMs), until: ago(minAgeMs) }, now, ctx.origin.observer)
}
