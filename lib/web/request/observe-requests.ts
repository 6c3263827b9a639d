import { subscribe } from 'node:diagnostics_channel'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { metrics } from '#lib/observability/metrics.ts'

type Started = { request: IncomingMessage }
type Finished = { request: IncomingMessage; response: ServerResponse }

/** Counts and times every request of this process, with the events of Node's HTTP server. */
export function observeRequests(): void {
  const started = new WeakMap<IncomingMessage, bigint>()
  subscribe('http.server.request.start', (message) => {
    const { request } = message as Started
    started.set(request, process.hrtime.bigint())
  })
  subscribe('http.server.response.finish', (message) => {
    const { request, response } = message as Finished
    const at = started.get(request)
    if (at === undefined) return
    const route = routeOf(request)
    metrics().requests.inc({
      route,
      method: methodOf(request.method),
      status: `${Math.floor(response.statusCode / 100)}xx`,
    })
    if (route !== 'live') metrics().requestDuration.observe({ route }, Number(process.hrtime.bigint() - at) / 1e9)
  })
}

/** A few fixed values: path labels would be unbounded, and would reveal what people do. */
function routeOf({ url = '/', headers }: IncomingMessage): string {
  if (url.startsWith('/_next/')) return 'static'
  if (url.startsWith('/api/auth/')) return 'auth'
  if (url.startsWith('/api/spaces/')) return 'live'
  if (url.startsWith('/api/rows/')) return 'rows'
  if (url.startsWith('/api/') || url.startsWith('/.well-known/')) return 'api'
  if (url.startsWith('/scim/')) return 'scim'
  return headers['next-action'] === undefined ? 'page' : 'action'
}

const methodOf = (method = 'GET') => (['GET', 'POST', 'HEAD'].includes(method) ? method : 'other')
