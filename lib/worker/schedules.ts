import { setTimeout as delay } from 'node:timers/promises'
import { settleTrail } from '#lib/broker/audit/settle-trail.ts'
import { checkFences } from '#lib/broker/clusters/check-fences.ts'
import { checkRights } from '#lib/broker/clusters/check-rights.ts'
import { checkAllForDrift } from '#lib/broker/reconcile/check-all-for-drift.ts'
import { expireDue } from '#lib/broker/reconcile/expire-due.ts'
import { refreshUsage } from '#lib/broker/reconcile/refresh-usage.ts'
import { resumeWaiting } from '#lib/broker/reconcile/resume-waiting.ts'
import type { SystemContext } from '#lib/broker/use-case/context.ts'
import { deleteAccessChanges } from '#lib/db/delete-access-changes.ts'
import { enqueueReconcile } from '#lib/db/enqueue-reconcile.ts'
import { accessChangesKeptMs } from '#lib/db/read-access-changes.ts'
import { selectUnsettled } from '#lib/db/select-unsettled.ts'

type Schedule = { name: string; everyMs: number; firstMs: number } & (
  | { run: (ctx: SystemContext) => Promise<unknown> }
  /** Runs for each cluster separately: one that hangs doesn't hold up the others. */
  | { runFor: (ctx: SystemContext, cluster: string) => Promise<unknown> }
)

/**
 * Everything that runs on a schedule. Each is safe to run in several workers at once, and the next run catches what one
 * misses.
 */
const schedules: readonly Schedule[] = [
  { name: 'expire what is due', everyMs: 2_000, firstMs: 0, run: expireDue },
  { name: 'resume unsettled spaces', everyMs: 5_000, firstMs: 1_000, run: resumeUnsettled },
  { name: 'resume what waited for a cluster', everyMs: 2_000, firstMs: 1_000, runFor: resumeInTurn() },
  { name: 'refresh usage', everyMs: 15_000, firstMs: 2_000, runFor: refreshUsage },
  { name: 'prove the fences', everyMs: 5_000, firstMs: 0, runFor: proveFencesInTurn() },
  { name: 'check rights', everyMs: 60_000, firstMs: 3_000, runFor: checkRights },
  { name: 'settle the trail', everyMs: 60_000, firstMs: 3_000, run: settleTrail },
  { name: 'forget old changes of access', everyMs: 60_000, firstMs: 10_000, run: forgetAccessChanges },
  { name: 'check all for drift', everyMs: 600_000, firstMs: 5_000, runFor: checkAllForDrift },
]

/** Proves intact fences every minute and faulty ones every time, so that access returns soon after they do. */
function proveFencesInTurn() {
  const due = new Map<string, number>()
  return async (ctx: SystemContext, cluster: string): Promise<void> => {
    if ((due.get(cluster) ?? 0) > performance.now()) return
    const faults = await checkFences(ctx, cluster)
    if (faults.length === 0) due.set(cluster, performance.now() + 60_000)
  }
}

function resumeInTurn() {
  const answering = new Map<string, boolean>()
  return async (ctx: SystemContext, cluster: string): Promise<void> => {
    answering.set(cluster, await resumeWaiting(ctx, cluster, answering.get(cluster) ?? false))
  }
}

async function resumeUnsettled(ctx: SystemContext): Promise<void> {
  for (const id of await selectUnsettled(ctx.db)) await enqueueReconcile(ctx.db, id, 0)
}

function forgetAccessChanges(ctx: SystemContext): Promise<void> {
  return deleteAccessChanges(ctx.db, new Date(ctx.clock().getTime() - accessChangesKeptMs))
}

/** Runs the schedules, each one again after its last run has ended. A failure is logged, and the next run tries again. */
export function startSchedules(ctx: SystemContext): { stop(): Promise<void> } {
  const stopped = new AbortController()
  async function loop({ name, everyMs, firstMs }: Schedule, run: () => Promise<unknown>, about: { cluster?: string }) {
    await pause(firstMs, stopped.signal)
    while (!stopped.signal.aborted) {
      await run().catch((error: unknown) =>
        ctx.log.warn({ error, schedule: name, ...about }, 'a schedule failed and will be retried'),
      )
      await pause(everyMs, stopped.signal)
    }
  }
  const loops = schedules.flatMap((schedule) => {
    if ('run' in schedule) return [loop(schedule, () => schedule.run(ctx), {})]
    return ctx.clusters.names.map((cluster) => loop(schedule, () => schedule.runFor(ctx, cluster), { cluster }))
  })
  return {
    async stop() {
      stopped.abort()
      await Promise.all(loops)
    },
  }
}

/** Returns early when the signal is aborted. */
const pause = (ms: number, signal: AbortSignal) => delay(ms, undefined, { signal }).catch(() => undefined)
