import { measureDeliveries } from '#lib/features/audit/use-cases/measure-deliveries.ts'
import { measureTrailSize } from '#lib/features/audit/use-cases/measure-trail-size.ts'
import { describeSealing } from '#lib/features/audit/use-cases/seal-waiting.ts'
import { checkReadiness } from '#lib/features/clusters/use-cases/check-readiness.ts'
import { ok, type Readiness, readinessMs, renderReadiness } from '#lib/kernel/model/readiness.ts'
import { measureQueue } from '#lib/kernel/reconcile/measure-queue.ts'
import type { SystemContext } from '#lib/kernel/use-case/context.ts'
import { startAdminServer } from '#lib/observability/admin-server.ts'
import type { Logger } from '#lib/observability/logger.ts'
import { metrics } from '#lib/observability/metrics.ts'
import { remember } from '#lib/observability/remember.ts'

export type RunningWorker = { ctx: SystemContext; queueRuns: () => boolean }
/** A worker that still needs Postgres to start, and the reason for readiness. */
export type WaitingWorker = { database: string }

/**
 * Serves liveness (/healthz), readiness with each of its parts (/readyz) and metrics (/metrics).
 * @param listen `host:port`; empty: no server
 */
export async function startHealthServer(
  log: Logger,
  listen: string,
  state: () => RunningWorker | WaitingWorker,
): Promise<{ stop(): void }> {
  const working = remember(readinessMs, () => readinessOf(state()))
  const readiness = () => ('database' in state() ? readinessOf(state()) : working())

  async function answer(path: string): Promise<{ status: number; body: string; type: string } | null> {
    const json = (status: number, body: unknown) => ({ status, body: JSON.stringify(body), type: 'application/json' })
    if (path === '/healthz') return json(200, { status: ok })
    if (path === '/readyz') {
      const { status, body } = renderReadiness(await readiness())
      return json(status, body)
    }
    if (path !== '/metrics') return null
    const now = state()
    if ('ctx' in now) await measure(now.ctx)
    return { status: 200, body: await metrics().registry.metrics(), type: metrics().registry.contentType }
  }

  return startAdminServer(
    listen.startsWith(':') ? `127.0.0.1${listen}` : listen,
    async (url, response) => {
      const answered = await answer(url)
      if (answered) response.writeHead(answered.status, { 'content-type': answered.type }).end(answered.body)
      return answered !== null
    },
    log,
  )
}

const measure = (ctx: SystemContext) => Promise.all([measureQueue(ctx), measureTrailSize(ctx), measureDeliveries(ctx)])

async function readinessOf(state: RunningWorker | WaitingWorker): Promise<Readiness> {
  if ('database' in state) return { ready: false, parts: state }
  const queue = async () => (state.queueRuns() ? ok : 'not running')
  // A cluster that is down is reported; the worker continues with the others.
  return checkReadiness(state.ctx, { queue, trail: () => describeSealing(state.ctx) }, ['database', 'queue'])
}
