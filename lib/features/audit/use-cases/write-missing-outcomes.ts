import { insertMissingOutcomes } from '#lib/features/audit/db/insert-missing-outcomes.ts'
import { dayMs } from '#lib/kernel/model/duration.ts'
import type { SystemContext } from '#lib/kernel/use-case/context.ts'

/** Longer than any process retries to write an outcome itself (lib/kernel/trail/persist-outcomes.ts). */
const minAgeMs = 15 * 60_000
/** Older ones are from days without a worker. They stay “unknown”. */
const maxAgeMs = 2 * dayMs

/**
 * Writes the outcome of intents after their process died or lost the database. The change is as durable as the intent.
 * Remaining work on the cluster is in the queue.
 * @returns how many were written
 */
export async function writeMissingOutcomes(ctx: SystemContext): Promise<number> {
  const now = ctx.clock()
  const ago = (ms: number) => new Date(now.getTime() - ms)
  return insertMissingOutcomes(ctx.pool, { from: ago(maxAgeMs), until: ago(minAgeMs) }, now, ctx.origin.observer)
}
