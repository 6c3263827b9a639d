import 'server-only'
import { collectDefaultMetrics } from 'prom-client'
import { renderReadiness } from '#lib/kernel/model/readiness.ts'
import { measureQueue } from '#lib/kernel/reconcile/measure-queue.ts'
import { startAdminServer } from '#lib/observability/admin-server.ts'
import { metrics } from '#lib/observability/metrics.ts'
import { processValue } from '#lib/observability/process-value.ts'
import { readiness } from './readiness.ts'
import { services } from './services.ts'
import { webConfig } from './web-config.ts'
import { webLog } from './web-log.ts'

/**
 * Serves operators on WEB_ADMIN_LISTEN: /healthz, /readyz with each part, and /metrics, with or without the prefix
 * /api.
 */
export const startWebAdmin = () =>
  startAdminServer(
    webConfig().WEB_ADMIN_LISTEN,
    async (url, response) => {
      const path = url.replace(/^\/api\//, '/')
      const answer = (status: number, type: string, text: string) =>
        response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(text)
      if (path === '/healthz') answer(200, 'application/json', JSON.stringify({ status: 'ok' }))
      else if (path === '/readyz') {
        const { status, body } = renderReadiness(await readiness())
        answer(status, 'application/json', JSON.stringify(body))
      } else if (path === '/metrics') {
        const { text, contentType } = await metricsText()
        answer(200, contentType, text)
      } else return false
      return true
    },
    webLog(),
  )

async function metricsText(): Promise<{ text: string; contentType: string }> {
  processValue('default-metrics', () => {
    collectDefaultMetrics({ register: metrics().registry })
    return true
  })
  const webServices = await services().catch(() => null)
  if (webServices) await measureQueue(webServices)
  else metrics().queueLength.set(Number.NaN)
  return { text: await metrics().registry.metrics(), contentType: metrics().registry.contentType }
}
