import type { SystemContext } from '#lib/broker/use-case/context.ts'
import { settleIntents } from '#lib/db/settle-intents.ts'
import { dayMs } from '#lib/domain/duration.ts'

/** Longer than any process tries to write an outcome itself (lib/audit/settle-outcomes.ts). */
const leftAloneMs = 15 * 60_000
/** What is older was left while no worker ran for days: it reads as “unknown”. */
const lookedAtMs = 2 * dayMs

/**
 * Settles intents whose process died or lost the database before it could tell how they ended: the change stands, as
 * the intent does, and what it wants of the cluster is the queue's.
 * @returns how many
 */
export async function settleTrail(ctx: SystemContext): Promise<number> {
  const now = ctx.clock()
  const ago = (ms: number) => new Date(now.getTime() - ms)
  return settleIntents(ctx.pool, { from: ago(lookedAtMs), until: ago(leftAloneMs) }, now, ctx.origin.observer)
}
