import { createServer } from 'node:http'
import { measureTrailSize } from '#lib/broker/audit/measure-trail-size.ts'
import { describeFences } from '#lib/broker/clusters/describe-fences.ts'
import { measureQueue } from '#lib/broker/reconcile/measure-queue.ts'
import type { SystemContext } from '#lib/broker/use-case/context.ts'
import { countQueue } from '#lib/db/count-queue.ts'
import { registry } from '#lib/observability/metrics.ts'

/**
 * Answers whether the worker lives (/healthz), whether it works (/readyz, with what is missing) and its metrics (/metrics).
 * @param listen `host:port`; empty: none
 */
export async function startHealthServer(
  ctx: SystemContext,
  listen: string,
  queueRuns: () => boolean,
): Promise<{ stop(): Promise<void> }> {
  if (listen === '') return { stop: async () => {} }
  const server = createServer((request, response) => {
    answer(request.url ?? '/').then(
      ({ status, body, type }) => response.writeHead(status, { 'content-type': type }).end(body),
      (error: unknown) => {
        ctx.log.error({ error }, 'a health request failed')
        response.writeHead(500).end()
      },
    )
  })

  async function answer(path: string): Promise<{ status: number; body: string; type: string }> {
    const json = (status: number, body: unknown) => ({ status, body: JSON.stringify(body), type: 'application/json' })
    if (path === '/healthz') return json(200, { status: 'alive' })
    if (path === '/readyz') {
      const missing = [
        ...(queueRuns() ? [] : ['the queue']),
        ...((await countQueue(ctx.pool).catch(() => null)) === null ? ['the database'] : []),
      ]
      const fences = await Promise.all(
        ctx.clusters.names.map(async (name) => [name, await describeFences(ctx, name).catch(() => 'not known')]),
      )
      return json(missing.length > 0 ? 503 : 200, {
        ready: missing.length === 0,
        missing,
        fences: Object.fromEntries(fences),
      })
    }
    if (path === '/metrics') {
      await Promise.all([measureQueue(ctx), measureTrailSize(ctx)])
      return { status: 200, body: await registry.metrics(), type: registry.contentType }
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
