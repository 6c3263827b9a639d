import { setImmediate as nextTurn } from 'node:timers/promises'
import { type Job, Logger as QueueLogger, run, type TaskList } from 'graphile-worker'
import { z } from 'zod'
import type { Pool } from '#lib/kernel/db/pool.ts'
import { enqueueRetry } from '#lib/kernel/db/spaces/enqueue-reconcile.ts'
import { createSlots } from '#lib/kernel/limits/slots.ts'
import { retrySeconds } from '#lib/kernel/model/retry-delay.ts'
import { reconcileSpace } from '#lib/kernel/reconcile/reconcile-space.ts'
import type { SystemContext } from '#lib/kernel/use-case/context.ts'
import { traced } from '#lib/observability/tracing.ts'

const reconcilePayload = z.object({ spaceId: z.uuid(), failures: z.int().nonnegative().default(0) })

/** As in enqueue_reconcile in the database. */
const clusterOf = (job: Job): string => Object.keys(job.flags ?? {})[0] ?? 'none'

/**
 * Processes the queue in Postgres (graphile-worker). Each cluster has its own slots, so a hanging one doesn't delay the
 * others' spaces. schedules.ts resumes the jobs of dead workers.
 * @param each how many spaces of one cluster are reconciled at once
 * @param pool of direct connections to Postgres: one of them listens
 */
export async function startQueue(ctx: SystemContext, each: number, pool: Pool = ctx.pool) {
  let running = true
  const slots = createSlots(each)
  const random = () => Buffer.from(ctx.randomBytes(4)).readUInt32BE() / 2 ** 32

  async function reconcile(job: Job, spaceId: string, failures: number): Promise<void> {
    const jobCtx = { ...ctx, origin: { ...ctx.origin, requestId: `job-${job.id}` } }
    const attributes = { 'spaceport.request_id': jobCtx.origin.requestId, 'spaceport.cluster': clusterOf(job) }
    const result = await traced('reconcile-space', { attributes }, () => reconcileSpace(jobCtx, spaceId))
    if (result.settled) return
    const retry =
      result.again === null
        ? { failures: failures + 1, afterSeconds: retrySeconds(result.code, failures + 1, random()) }
        : { failures: 0, afterSeconds: result.again }
    await enqueueRetry(ctx.db, spaceId, retry)
  }

  const taskList: TaskList = {
    'reconcile-space': async (payload, { job }) => {
      const { spaceId, failures } = reconcilePayload.parse(payload)
      const cluster = clusterOf(job)
      const release = slots.take(cluster)
      // Several jobs were fetched at the same moment for the last slot.
      if (!release) return enqueueRetry(ctx.db, spaceId, { failures, afterSeconds: 1 })
      try {
        await reconcile(job, spaceId, failures)
      } finally {
        release()
      }
    },
  }
  const runner = await run({
    pgPool: pool,
    taskList,
    concurrency: each * ctx.clusters.names.length,
    forbiddenFlags: () => slots.full(),
    noHandleSignals: true,
    pollInterval: 1_000,
    logger: new QueueLogger(() => (level, message) => {
      if (level === 'error') ctx.log.error({ queue: message }, 'the queue reports an error')
    }),
  })
  runner.promise
    .catch((error: unknown) => ctx.log.fatal({ error }, 'the queue stopped'))
    .finally(() => {
      running = false
    })
  async function stop(): Promise<void> {
    await runner.stop()
    // It doesn't await its writes about finished jobs: this lets them take a connection before the pool ends.
    await nextTurn()
  }
  return { running: () => running, stop }
}
