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

/** What a span may say about itself. `start-tracing.ts` lets no other attribute leave the process. */
export type About = { kind?: 'server' | 'client'; attributes?: Attributes }

const kinds = { server: SpanKind.SERVER, client: SpanKind.CLIENT } as const

/** Set by start-tracing.ts; without a tracer nothing is traced, and nothing is paid for it. */
export const tracingState = () => processValue<{ tracer: Tracer | undefined }>('tracing', () => ({ tracer: undefined }))

/**
 * Runs some work in a span of its own, if this process traces.
 * @param name of few values: never a name of a person or of a space
 * @returns what the work returns; the span of work that throws has the error’s code
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
 * For work that isn’t a promise: a span as a part of the one that is under way.
 * @returns undefined when there is none; else how to end it
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

/** @returns the headers that tell a server which trace its work belongs to (W3C Trace Context) */
export function traceHeaders(): Record<string, string> {
  if (!tracingState().tracer) return none
  const headers: Record<string, string> = {}
  propagation.inject(context.active(), headers)
  return headers
}

/** @returns the id of the trace that is under way, for the log */
export function traceId(): string | undefined {
  return tracingState().tracer && trace.getActiveSpan()?.spanContext().traceId
}

const optionsOf = ({ kind, attributes = {} }: About) => ({ kind: kind ? kinds[kind] : SpanKind.INTERNAL, attributes })

function fail(span: Span, error: unknown): void {
  span.setStatus({ code: SpanStatusCode.ERROR })
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
  span.setAttribute('error.type', code ?? (error instanceof Error ? error.name : 'unknown'))
}
