import { z } from 'zod'
import { startWebhookReceiver } from './webhook-receiver.ts'

const attribute = z.looseObject({ key: z.string(), value: z.record(z.string(), z.unknown()) })
const exportSchema = z.looseObject({
  resourceSpans: z.array(
    z.looseObject({
      resource: z.looseObject({ attributes: z.array(attribute) }),
      scopeSpans: z.array(
        z.looseObject({
          spans: z.array(
            z.looseObject({
              traceId: z.string(),
              spanId: z.string(),
              parentSpanId: z.string().optional(),
              name: z.string(),
              attributes: z.array(attribute).default([]),
            }),
          ),
        }),
      ),
    }),
  ),
})

export type ReceivedSpan = {
  service: string
  traceId: string
  spanId: string
  parentSpanId: string | undefined
  name: string
  attributes: Record<string, unknown>
}

const read = (attributes: z.infer<typeof attribute>[]) =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]))

/** A fake OpenTelemetry collector: takes OTLP as JSON over HTTP, and keeps the spans. */
export async function startSpanReceiver() {
  const receiver = await startWebhookReceiver(() => ({ status: 200 }))
  const spans = (): ReceivedSpan[] =>
    receiver
      .at('/v1/traces')
      .flatMap(({ body }) => exportSchema.parse(JSON.parse(body)).resourceSpans)
      .flatMap(({ resource, scopeSpans }) =>
        scopeSpans.flatMap(({ spans: received }) =>
          received.map(({ traceId, spanId, parentSpanId, name, attributes }) => ({
            service: String(read(resource.attributes)['service.name']),
            ...{ traceId, spanId, parentSpanId: parentSpanId || undefined, name },
            attributes: read(attributes),
          })),
        ),
      )
  return {
    url: receiver.url,
    spans,
    /** Everything received, as text. */
    text: () => receiver.received.map(({ body }) => body).join('\n'),
    headers: () => receiver.received.map(({ headers }) => headers),
    /** @returns the spans of a trace from one of them up to its root */
    wayUp(span: ReceivedSpan): ReceivedSpan[] {
      const parent = spans().find(({ spanId }) => spanId === span.parentSpanId)
      return parent ? [span, ...this.wayUp(parent)] : [span]
    },
    stop: receiver.stop,
  }
}
