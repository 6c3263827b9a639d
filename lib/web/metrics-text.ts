import 'server-only'
import { collectDefaultMetrics } from 'prom-client'
import { registry } from '../observability/metrics.ts'
import { processValue } from './process-value.ts'

/** @returns all metrics of this process in Prometheus' text format */
export async function metricsText(): Promise<{ text: string; contentType: string }> {
  processValue('default-metrics', () => {
    collectDefaultMetrics({ register: registry })
    return true
  })
  return { text: await registry.metrics(), contentType: registry.contentType }
}
