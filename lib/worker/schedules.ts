import { checkAllForDrift } from '../broker/check-all-for-drift.ts'
import { checkFences } from '../broker/check-fences.ts'
import { checkRights } from '../broker/check-rights.ts'
import type { SystemContext } from '../broker/context.ts'
import { endWhatEnded } from '../broker/end-what-ended.ts'
import { refreshUsage } from '../broker/refresh-usage.ts'
import { settleTrail } from '../broker/settle-trail.ts'
import { enqueueReconcile } from '../db/enqueue-reconcile.ts'
import { listUnsettled } from '../db/take-ended.ts'

type Schedule = { name: string; everyMs: number; firstMs: number; run: (ctx: SystemContext) => Promise<unknown> }

/** All that happens by the clock. Each is safe to run in several workers at once, and what one misses the next catches. */
const schedules: readonly Schedule[] = [
  { name: 'end what ended', everyMs: 2_000, firstMs: 0, run: endWhatEnded },
  { name: 'take up what was left', everyMs: 5_000, firstMs: 1_000, run: takeUpUnsettled },
  { name: 'refresh usage', everyMs: 15_000, firstMs: 2_000, run: refreshUsage },
  { name: 'prove the fences', everyMs: 5_000, firstMs: 0, run: proveFencesInTurn() },
  { name: 'look at rights', everyMs: 60_000, firstMs: 3_000, run: checkAllRights },
  { name: 'settle the trail', everyMs: 60_000, firstMs: 3_000, run: settleTrail },
  { name: 'check all for drift', everyMs: 600_000, firstMs: 5_000, run: checkAllForDrift },
]

/** Fences that hold are proved every minute; those that don't each time, so that access comes back soon after they do. */
function proveFencesInTurn(): (ctx: SystemContext) => Promise<void> {
  const due = new Map<string, number>()
  return async (ctx) => {
    await Promise.all(
      ctx.clusters.names.map(async (name) => {
        if ((due.get(name) ?? 0) > performance.now()) return
        try {
          const faults = await checkFences(ctx, name)
          if (faults.length === 0) due.set(name, performance.now() + 60_000)
        } catch (error) {
          ctx.log.warn({ error, cluster: name }, 'the fences of a cluster could not be proved')
        }
      }),
    )
  }
}

async function checkAllRights(ctx: SystemContext): Promise<void> {
  for (const name of ctx.clusters.names)
    await checkRights(ctx, name).catch((error: unknown) =>
      ctx.log.warn({ error, cluster: name }, 'the rights on a cluster could not be looked at'),
    )
}

async function takeUpUnsettled(ctx: SystemContext): Promise<void> {
  for (const id of await listUnsettled(ctx.db)) await enqueueReconcile(ctx.db, id, 0)
}

/** Runs the schedules, each one after its last run has ended. A failure is logged and the next turn tries again. */
export function startSchedules(ctx: SystemContext): { stop(): Promise<void> } {
  const stopped = new AbortController()
  const loops = schedules.map(async ({ name, everyMs, firstMs, run }) => {
    await pause(firstMs, stopped.signal)
    while (!stopped.signal.aborted) {
      await run(ctx).catch((error: unknown) =>
        ctx.log.warn({ error, schedule: name }, 'a schedule failed and is tried again'),
      )
      await pause(everyMs, stopped.signal)
    }
  })
  return {
    async stop() {
      stopped.abort()
      await Promise.all(loops)
    },
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const timer = setTimeout(done, ms)
    function done() {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    signal.addEventListener('abort', done)
  })
}
