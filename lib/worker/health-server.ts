import { createServer } from 'node:http'
import { measureDeliveries } from '#lib/broker/audit/measure-deliveries.ts'
import { measureTrailSize } from '#lib/broker/audit/measure-trail-size.ts'
import { describeSealing } from '#lib/broker/audit/seal-waiting.ts'
import { checkReadiness } from '#lib/broker/clusters/check-readiness.ts'
import { measureQueue } from '#lib/broker/reconcile/measure-queue.ts'
import type { SystemContext } from '#lib/broker/use-case/context.ts'
import { ok, type Readiness, renderReadiness } from '#lib/domain/readiness.ts'
import type { Logger } from '#lib/observability/logger.ts'
import { metrics } from '#lib/observability/metrics.ts'

/** A worker that has started. */
export type Working = { ctx: SystemContext; queueRuns: () => boolean }
/** A worker that needs Postgres to start, and why it doesn’t have it, in the words of readiness. */
export type Waiting = { database: string }

/**
 * Answers whether the worker is alive (/healthz) and working (/readyz, with each of its parts), and shows its metrics
 * (/metrics).
 * @param listen `host:port`; empty: no server
 */
export async function startHealthServer(
  log: Logger,
  listen: string,
  state: () => Working | Waiting,
): Promise<{ stop(): Promise<void> }> {
  if (listen === '') return { stop: async () => {} }
  const server = createServer((request, response) => {
    answer(request.url ?? '/').then(
      ({ status, body, type }) => response.writeHead(status, { 'content-type': type }).end(body),
      (error: unknown) => {
        log.error({ error }, 'a health request failed')
        response.writeHead(500).end()
      },
    )
  })

  async function answer(path: string): Promise<{ status: number; body: string; type: string }> {
    const json = (status: number, body: unknown) => ({ status, body: JSON.stringify(body), type: 'application/json' })
    if (path === '/healthz') return json(200, { status: ok })
    const now = state()
    if (path === '/readyz') {
      const { status, body } = renderReadiness(await readinessOf(now))
      return json(status, body)
    }
    if (path === '/metrics') {
      if ('ctx' in now) await measure(now.ctx)
      return { status: 200, body: await metrics().registry.metrics(), type: metrics().registry.contentType }
    }
    return json(404, { error: 'not found' })
  }

  const at = listen.lastIndexOf(':')
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(Number(listen.slice(at + 1)), listen.slice(0, at) || '127.0.0.1', resolve)
  })
  return { stop: () => new Promise((resolve) => server.close(() => resolve())) }
}

const measure = (ctx: SystemContext) => Promise.all([measureQueue(ctx), measureTrailSize(ctx), measureDeliveries(ctx)])

async function readinessOf(state: Working | Waiting): Promise<Readiness> {
  if ('database' in state) return { ready: false, parts: state }
  const queue = async () => (state.queueRuns() ? ok : 'not running')
  // A cluster that is down is reported; the worker goes on with the others.
  return checkReadiness(state.ctx, { queue, trail: () => describeSealing(state.ctx) }, ['database', 'queue'])
}
