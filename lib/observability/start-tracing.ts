import { context, propagation, trace } from '@opentelemetry/api'
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace'
import { spanAttributes } from './span-attributes.ts'
import { tracingState } from './tracing.ts'

export type TracingSettings = {
  OTEL_EXPORTER_OTLP_ENDPOINT: string
  OTEL_EXPORTER_OTLP_HEADERS: Readonly<Record<string, string>>
  OTEL_TRACES_SAMPLER_ARG: number
}

/**
 * Starts tracing and sends spans by OTLP over HTTP to the configured endpoint. Without an endpoint it does nothing and
 * loads no part of the SDK.
 * @param process which process this is: web, gateway, worker
 * @returns how to stop: sends the remaining spans within seconds
 */
export async function startTracing(process: string, settings: TracingSettings): Promise<{ stop(): Promise<void> }> {
  const endpoint = settings.OTEL_EXPORTER_OTLP_ENDPOINT
  const state = tracingState()
  if (endpoint === '' || state.tracer) return { stop: () => Promise.resolve() }
  const [sdk, { OTLPTraceExporter }, { resourceFromAttributes }, { AsyncLocalStorageContextManager }, core] =
    await Promise.all([
      import('@opentelemetry/sdk-trace'),
      import('@opentelemetry/exporter-trace-otlp-http'),
      import('@opentelemetry/resources'),
      import('@opentelemetry/context-async-hooks'),
      import('@opentelemetry/core'),
    ])
  const exporter = new OTLPTraceExporter({
    url: `${endpoint.replace(/\/+$/, '')}/v1/traces`,
    headers: { ...settings.OTEL_EXPORTER_OTLP_HEADERS },
    timeoutMillis: 5_000,
  })
  const provider = new sdk.TracerProvider({
    resource: resourceFromAttributes({ 'service.name': `spaceport-${process}` }),
    sampler: new sdk.ParentBasedSampler({ root: new sdk.TraceIdRatioBasedSampler(settings.OTEL_TRACES_SAMPLER_ARG) }),
    spanProcessors: [
      new sdk.BatchSpanProcessor({
        exporter: discreet(exporter),
        scheduledDelayMillis: 2_000,
        exportTimeoutMillis: 6_000,
      }),
    ],
  })
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  // Trace headers of clients are ignored: no outsider decides what is sampled or which trace a request belongs to.
  propagation.setGlobalPropagator(injectOnly(new core.W3CTraceContextPropagator()))
  trace.setGlobalTracerProvider(provider)
  state.tracer = provider.getTracer('spaceport')
  return {
    async stop() {
      state.tracer = undefined
      await provider.shutdown().catch(() => {})
    },
  }
}

type Propagator = Parameters<typeof propagation.setGlobalPropagator>[0]

const injectOnly = (propagator: Propagator): Propagator => ({
  inject: (...given) => propagator.inject(...given),
  extract: (given) => given,
  fields: () => propagator.fields(),
})

/** Removes other attributes: Next's own contain whole URLs and error messages. */
const discreet = (exporter: SpanExporter): SpanExporter => ({
  export: (spans, done) => exporter.export(spans.map(withoutPersonal), done),
  shutdown: () => exporter.shutdown(),
  forceFlush: async () => exporter.forceFlush?.(),
})

function withoutPersonal(span: ReadableSpan): ReadableSpan {
  const attributes = Object.fromEntries(Object.entries(span.attributes).filter(([name]) => spanAttributes.has(name)))
  const { code } = span.status
  // Next names the spans of fetches by URL.
  const name = span.name.startsWith('fetch ') ? 'fetch' : span.name
  const changed = { name, attributes, status: { code }, events: [], links: [] }
  return Object.create(
    span,
    Object.fromEntries(Object.entries(changed).map(([key, value]) => [key, { value, enumerable: true }])),
  )
}
