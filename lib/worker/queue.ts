import { Logger as QueueLogger, run, type TaskList } from 'graphile-worker'
import { z } from 'zod'
import type { SystemContext } from '../broker/context.ts'
import { reconcileSpace } from '../broker/reconcile-space.ts'
import { enqueueReconcile } from '../db/enqueue-reconcile.ts'

const concurrency = 5
const reconcilePayload = z.object({ spaceId: z.uuid() })

/** Works off the queue in Postgres (graphile-worker). What a worker that dies was at is taken up by schedules.ts. */
export async function startQueue(ctx: SystemContext) {
  let running = true
  const taskList: TaskList = {
    'reconcile-space': async (payload, helpers) => {
      const { spaceId } = reconcilePayload.parse(payload)
      const jobCtx = { ...ctx, origin: { observer: 'worker', requestId: `job-${helpers.job.id}` } }
      const result = await reconcileSpace(jobCtx, spaceId)
      if (!result.settled) await enqueueReconcile(ctx.db, spaceId, result.again)
    },
  }
  const runner = await run({
    pgPool: ctx.pool,
    taskList,
    concurrency,
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
  return { running: () => running, stop: () => runner.stop() }
}
