import 'server-only'
import { collectDefaultMetrics } from 'prom-client'
import { measureQueue } from '#lib/kernel/reconcile/measure-queue.ts'
import { metrics } from '#lib/observability/metrics.ts'
import { processValue } from '#lib/observability/process-value.ts'
import { services } from './services.ts'

/** @returns all metrics of this process in Prometheus' text format */
export async function metricsText(): Promise<{ text: string; contentType: string }> {
  processValue('default-metrics', () => {
    collectDefaultMetrics({ register: metrics().registry })
    return true
  })
  const held = await services().catch(() => null)
  if (held) await measureQueue(held)
  else metrics().queueLength.set(Number.NaN)
  return { text: await metrics().registry.metrics(), contentType: metrics().registry.contentType }
}
