import type { ServerResponse } from 'node:http'
import type { Registry } from 'prom-client'
import type { Upstream } from '#lib/gateway/upstream/upstream.ts'
import { PoolerFault } from '#lib/kernel/db/pooler-fault.ts'
import { clusterPart, noAnswer, ok, type Readiness, readinessMs, renderReadiness } from '#lib/kernel/model/readiness.ts'
import { remember } from '#lib/observability/remember.ts'

const probeMs = 3_000
const maxProbeBytes = 64 * 1024

type Options = {
  clusters: ReadonlyMap<string, Upstream>
  /** Rejects when Postgres does not answer. */
  askDatabase: () => Promise<unknown>
  poolerFault: () => string | undefined
  listening: () => boolean
  stopping: () => boolean
  registry: Registry
  monotonic: () => number
}

/** All that the public port reveals. */
export function answerAlive(response: ServerResponse): void {
  response.writeHead(200, { 'Content-Type': 'text/plain', 'Cache-Control': 'no-store' }).end('ok\n')
}

/** @returns a handler for the operators' endpoints (lib/observability/admin-server.ts); it resolves to false for any other path */
export function createHealth(options: Options) {
  async function probe(upstream: Upstream): Promise<string> {
    try {
      const request = { method: 'GET', path: `${upstream.basePath}/readyz`, fields: upstream.credential(), body: null }
      const { status } = await upstream.requests.ask(request, { withinMs: probeMs, maxBytes: maxProbeBytes })
      return status === 200 ? ok : `answers ${status}`
    } catch {
      return noAnswer
    }
  }

  async function check(): Promise<Readiness['parts']> {
    const [database, ...clusters] = await Promise.all([
      options.askDatabase().then(
        () => options.poolerFault() ?? ok,
        (error: unknown) => (error instanceof PoolerFault ? error.words : noAnswer),
      ),
      ...[...options.clusters.values()].map(
        async (upstream) => [clusterPart(upstream.name), await probe(upstream)] as const,
      ),
    ])
    return { database, notifications: options.listening() ? ok : 'not connected', ...Object.fromEntries(clusters) }
  }

  const readParts = remember(readinessMs, check, options.monotonic)

  return async (url: string, response: ServerResponse): Promise<boolean> => {
    if (url === '/healthz') {
      answerAlive(response)
      return true
    }
    if (url === '/readyz') {
      const parts: Readiness['parts'] = { ...(await readParts()), ...(options.stopping() && { process: 'stopping' }) }
      // A cluster that is down is reported, but must not stop traffic to the others.
      const ready = parts.database === ok && parts.notifications === ok && !options.stopping()
      const { status, body } = renderReadiness({ ready, parts })
      response.writeHead(status, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' })
      response.end(`${JSON.stringify(body)}\n`)
      return true
    }
    if (url === '/metrics') {
      const text = await options.registry.metrics()
      response.writeHead(200, { 'Content-Type': options.registry.contentType, 'Cache-Control': 'no-store' }).end(text)
      return true
    }
    return false
  }
}
