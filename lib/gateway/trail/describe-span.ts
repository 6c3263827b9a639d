import type { Span } from '@opentelemetry/api'
import { type RequestState, spokenVerb } from '#lib/gateway/exchange.ts'
import type { Target } from '#lib/gateway/target/parse-target.ts'
import type { About } from '#lib/observability/tracing.ts'

/** A valid Kubernetes kind. Names made up by clients would be meaningless, and endless in number. */
const kind = /^[a-z][a-z0-9]{0,40}(?:\/[a-z]{1,40})?$/

function resourceOf(target: Target | undefined): string {
  if (target?.kind !== 'resource') return 'other'
  const named = target.subresource ? `${target.resource}/${target.subresource}` : target.resource
  return kind.test(named) ? named : 'other'
}

export function describeSpan(span: Span, { exchange, target, decision }: RequestState, code: number): void {
  span.updateName(`${spokenVerb(target)} ${resourceOf(target)}`)
  span.setAttributes({
    'http.response.status_code': code,
    'spaceport.request_id': exchange.id,
    // Only of a known cluster: the path is the client's text.
    ...(decision && target && { 'spaceport.cluster': target.cluster }),
  })
}

export const aboutCluster = (target: Target, cluster: string): About => ({
  kind: 'client',
  attributes: { 'http.request.method': target.method, 'spaceport.cluster': cluster },
})
