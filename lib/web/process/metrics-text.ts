import 'server-only'
import { collectDefaultMetrics } from 'prom-client'
import { measureQueue } from '#lib/broker/reconcile/measure-queue.ts'
import { queueLength, registry } from '#lib/observability/metrics.ts'
import { processValue } from './process-value.ts'
import { services } from './services.ts'

/** @returns all metrics of this process in Prometheus' text format */
export async function metricsText(): Promise<{ text: string; contentType: string }> {
  processValue('default-metrics', () => {
    collectDefaultMetrics({ register: registry })
    return true
  })
  const held = await services().catch(() => null)
  if (held) await measureQueue(held)
  else queueLength.set(Number.NaN)
  return { text: await registry.metrics(), contentType: registry.contentType }
}
