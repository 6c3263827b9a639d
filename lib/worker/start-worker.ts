import { hostname } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'
import type { WorkerConfig } from '#lib/config/config.ts'
import { openSinks } from '#lib/features/audit/sinks/open-sinks.ts'
import { startAuditReceiver } from '#lib/features/cluster-audit/receiver/start-audit-receiver.ts'
import { failureInWords } from '#lib/features/clusters/use-cases/check-readiness.ts'
import { openMailer } from '#lib/features/inbox/mail/open-mailer.ts'
import { queueConnections } from '#lib/kernel/db/max-connections.ts'
import { createPool, type Pool } from '#lib/kernel/db/pool.ts'
import { waysToPostgres } from '#lib/kernel/db/ways-to-postgres.ts'
import { observerOf } from '#lib/kernel/model/audit/observer.ts'
import { isDatabaseUnavailable } from '#lib/kernel/model/database-failure.ts'
import { noAnswer } from '#lib/kernel/model/readiness.ts'
import type { SystemContext } from '#lib/kernel/use-case/context.ts'
import { openServices } from '#lib/kernel/use-case/open-services.ts'
import { createLogger, type Logger } from '#lib/observability/logger.ts'
import { startTracing } from '#lib/observability/start-tracing.ts'
import { feedSinks } from './feed-sinks.ts'
import { type RunningWorker, startHealthServer, type WaitingWorker } from './health-server.ts'
import { leadClusters } from './lead-clusters.ts'
import { startQueue } from './queue.ts'
import { startSchedules } from './schedules.ts'

const firstPauseMs = 250
const maxPauseMs = 5_000

/**
 * Repeats an attempt until Postgres, and the pooler in front of it, are available.
 * @param onFailure receives each failure, and the milliseconds until the next attempt
 * @returns the result of the attempt
 * @throws any other failure of the attempt
 */
async function oncePostgresAnswers<T>(
  attempt: () => Promise<T>,
  onFailure: (error: unknown, pauseMs: number) => void,
): Promise<T> {
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(2 * pauseMs, maxPauseMs))
    try {
      return await attempt()
    } catch (error) {
      if (!isDatabaseUnavailable(error)) throw error
      onFailure(error, pauseMs)
      await delay(pauseMs)
    }
}

/** When the worker stops, mail and webhooks that take longer wait for the next attempt. */
const sendingEndsWithinMs = 5_000

/** The queue listens for jobs, which needs a direct connection to Postgres. */
const openQueuePool = (url: string, log: Logger): Pool =>
  createPool(url, { process: 'worker', max: queueConnections, applicationName: 'spaceport-worker-queue' }, (error) =>
    log.warn({ error }, 'a database connection was lost'),
  )

/** On failure, nothing stays open. */
async function openQueue(config: WorkerConfig) {
  const opened = await openServices('worker', config, { url: '', caFile: '' })
  const origin = { observer: observerOf('worker', hostname()), requestId: 'worker' }
  const ctx: SystemContext = { ...opened.services, origin }
  const ways = waysToPostgres(config)
  const queuePool = ways.queries.throughPooler ? openQueuePool(ways.sessions, ctx.log) : ctx.pool
  const close = async () => {
    if (queuePool !== ctx.pool) await queuePool.end()
    await opened.close()
  }
  try {
    // Leaves one lock connection free of the queue, so that checks for drift get their turn.
    const queue = await startQueue(ctx, config.DATABASE_LOCK_CONNECTIONS - 1, queuePool)
    return { ctx, ways, queue, close }
  } catch (error) {
    await close()
    throw error
  }
}

/**
 * While Postgres is away, the worker waits, alive but not ready.
 * @returns how to stop: running work is finished first
 */
export async function startWorker(config: WorkerConfig): Promise<{ log: Logger; stop(): Promise<void> }> {
  const tracing = await startTracing('worker', config)
  const log = createLogger('worker', config.LOG_LEVEL)
  let state: RunningWorker | WaitingWorker = { database: noAnswer }
  const health = await startHealthServer(log, config.WORKER_LISTEN, () => state)
  const opening = oncePostgresAnswers(
    () => openQueue(config),
    (error, pauseMs) => {
      state = { database: failureInWords(error) }
      log.warn({ error, pauseMs }, 'Postgres is not usable yet; retrying')
    },
  )
  const { ctx, ways, queue, close } = await opening.catch(async (error) => {
    health.stop()
    throw error
  })
  const mailer =
    config.SMTP_URL === ''
      ? null
      : openMailer({ url: config.SMTP_URL, from: config.SMTP_FROM, host: new URL(config.SPACEPORT_URL).hostname })
  const schedules = startSchedules(ctx, mailer, config.SPACEPORT_CHECKPOINT_KEY)
  const leading = leadClusters(ctx, ways.sessions)
  const audit = await startAuditReceiver(config, ctx)
  const sinks = openSinks(config, (error) =>
    ctx.log.warn({ error }, 'the CA of the trail’s webhook can’t be used; the previous one stays in use'),
  )
  const feeding = feedSinks(ctx, ways.sessions, sinks)
  state = { ctx, queueRuns: queue.running }
  ctx.log.info({ clusters: ctx.clusters.names }, 'the worker is ready')
  return {
    log: ctx.log,
    async stop() {
      health.stop()
      await audit.stop()
      const enough = setTimeout(() => {
        mailer?.close()
        ctx.webhooks?.close()
      }, sendingEndsWithinMs)
      await Promise.all([leading.stop(), feeding.stop(), schedules.stop()])
      clearTimeout(enough)
      mailer?.close()
      await queue.stop()
      await close()
      await tracing.stop()
    },
  }
}
