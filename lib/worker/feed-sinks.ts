import { setTimeout as delay } from 'node:timers/promises'
import type { TrailSink } from '#lib/features/audit/sinks/trail-sink.ts'
import { deliverTrail } from '#lib/features/audit/use-cases/deliver-trail.ts'
import type { SystemContext } from '#lib/kernel/use-case/context.ts'
import { competeForLease } from '#lib/worker/db/compete-for-lease.ts'

/** A database failure may be over sooner than the lease. */
const troubleMs = 1_000
/** The longest pause, so that a change by the operator (the time of the next attempt) is noticed soon. */
const maxPauseMs = 5_000

/**
 * Delivers the trail to sinks. Each sink has one worker at a time, and an unavailable or slow sink doesn't hold up
 * another.
 * @returns how to stop: running deliveries are abandoned, and repeated by the next worker
 */
export function feedSinks(
  ctx: SystemContext,
  databaseUrl: string,
  sinks: readonly TrailSink[],
): { stop(): Promise<void> } {
  const leases = sinks.map((sink) =>
    competeForLease({
      databaseUrl,
      applicationName: 'spaceport-worker-lease',
      name: `trail/${sink.name}`,
      hold: (signal) => feed(ctx, sink, signal),
      onTrouble: (error) => ctx.log.warn({ error, sink: sink.name }, 'delivery of the trail failed; retrying'),
    }),
  )
  return {
    async stop() {
      for (const sink of sinks) sink.close()
      await Promise.all(leases.map((lease) => lease.stop()))
    },
  }
}

async function feed(ctx: SystemContext, sink: TrailSink, signal: AbortSignal): Promise<void> {
  const pause = (ms: number) => delay(ms, undefined, { signal }).catch(() => undefined)
  while (!signal.aborted) {
    try {
      const step = await deliverTrail(ctx, sink, signal)
      if (step.did === 'nothing') await pause(sink.gatherMs)
      else if (step.did === 'delivered') {
        if (!step.more) await pause(sink.gatherMs)
      } else await pause(Math.max(0, Math.min(maxPauseMs, step.until.getTime() - ctx.clock().getTime())))
    } catch (error) {
      ctx.log.warn({ error, sink: sink.name }, 'the trail couldn’t be read for delivery; retrying')
      await pause(troubleMs)
    }
  }
}
