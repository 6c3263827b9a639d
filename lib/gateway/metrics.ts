import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { RefusalKey } from '#lib/kernel/model/audit/refusal-key.ts'

export type GatewayMetrics = {
  registry: Registry
  answered(verb: string, code: number, seconds: number | undefined): void
  refused(key: RefusalKey | 'protocol' | 'too_many_connections'): void
  trailDropped(): void
}

type Sources = {
  openStreams: () => number
  trailQueue: () => number
  connections: () => number
  certificateEndsAt: () => Date
}

/** The gateway's metrics (https://prometheus.io/docs/practices/naming/). Labels have few values and never come from a client. */
export function createMetrics(sources: Sources): GatewayMetrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const registers = [registry]
  const requests = new Counter({
    name: 'spaceport_gateway_requests_total',
    help: 'Requests answered, by verb and status code.',
    labelNames: ['verb', 'code'],
    registers,
  })
  const seconds = new Histogram({
    name: 'spaceport_gateway_request_seconds',
    help: 'Time from a request’s arrival to the end of its answer, without streams.',
    buckets: [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60],
    registers,
  })
  const refusals = new Counter({
    name: 'spaceport_gateway_refusals_total',
    help: 'Requests refused and streams cut by the gateway, by reason.',
    labelNames: ['reason'],
    registers,
  })
  const dropped = new Counter({
    name: 'spaceport_gateway_trail_dropped_total',
    help: 'Rows lost because the trail could not take them.',
    registers,
  })
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read())
      },
    })
  gauge('spaceport_gateway_open_streams', 'Open streams and unfinished answers.', sources.openStreams)
  gauge('spaceport_gateway_trail_queue', 'Events waiting to be written to the trail.', sources.trailQueue)
  gauge('spaceport_gateway_connections', 'Open client connections.', sources.connections)
  gauge(
    'spaceport_gateway_certificate_expiry_timestamp_seconds',
    'When the certificate for new connections expires, in seconds since the epoch.',
    () => sources.certificateEndsAt().getTime() / 1_000,
  )

  const children = new Map<string, { inc(): void }>()
  return {
    registry,
    answered(verb, code, duration) {
      const key = `${verb} ${code}`
      let child = children.get(key)
      if (!child) {
        child = requests.labels(verb, String(code))
        children.set(key, child)
      }
      child.inc()
      if (duration !== undefined) seconds.observe(duration)
    },
    refused: (key) => refusals.labels(key).inc(),
    trailDropped: () => dropped.inc(),
  }
}
