import {
  type Attributes,
  context,
  propagation,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api'
import { processValue } from './process-value.ts'

/** The attributes of a span. `start-tracing.ts` lets no others leave the process. */
export type About = { kind?: 'server' | 'client'; attributes?: Attributes }

const kinds = { server: SpanKind.SERVER, client: SpanKind.CLIENT } as const

/** Set by start-tracing.ts; without a tracer nothing is traced, at no cost. */
export const tracingState = () => processValue<{ tracer: Tracer | undefined }>('tracing', () => ({ tracer: undefined }))

/**
 * Runs work in its own span, if this process traces.
 * @param name of few values: never the name of a person or space
 * @returns the result of the work; if it throws, the span has the error's code
 */
export function traced<T>(name: string, about: About, work: (span?: Span) => Promise<T>): Promise<T> {
  const { tracer } = tracingState()
  if (!tracer) return work()
  return tracer.startActiveSpan(name, optionsOf(about), async (span) => {
    try {
      return await work(span)
    } catch (error) {
      fail(span, error)
      throw error
    } finally {
      span.end()
    }
  })
}

/**
 * For work that isn't a promise: a span within the current one.
 * @returns how to end it; undefined without a current span
 */
export function beginPart(name: string, about: About): ((error?: unknown) => void) | undefined {
  const { tracer } = tracingState()
  if (!tracer || !trace.getActiveSpan()) return undefined
  const span = tracer.startSpan(name, optionsOf(about))
  return (error) => {
    if (error) fail(span, error)
    span.end()
  }
}

const none = Object.freeze({})

/** @returns the headers that name the current trace for another server (W3C Trace Context) */
export function traceHeaders(): Record<string, string> {
  if (!tracingState().tracer) return none
  const headers: Record<string, string> = {}
  propagation.inject(context.active(), headers)
  return headers
}

/** @returns the ID of the current trace, for the log */
export function traceId(): string | undefined {
  return tracingState().tracer && trace.getActiveSpan()?.spanContext().traceId
}

const optionsOf = ({ kind, attributes = {} }: About) => ({ kind: kind ? kinds[kind] : SpanKind.INTERNAL, attributes })

function fail(span: Span, error: unknown): void {
  span.setStatus({ code: SpanStatusCode.ERROR })
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
  span.setAttribute('error.type', code ?? (error instanceof Error ? error.name : 'unknown'))
}
