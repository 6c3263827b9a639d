import type { Span } from '@opentelemetry/api'
import { type Known, spokenVerb } from '#lib/gateway/exchange.ts'
import type { Target } from '#lib/gateway/target/parse-target.ts'
import type { About } from '#lib/observability/tracing.ts'

/** A kind's name, as Kubernetes allows it: what a client made up says nothing, and would make endlessly many names. */
const kind = /^[a-z][a-z0-9]{0,40}(?:\/[a-z]{1,40})?$/

function resourceOf(target: Target | undefined): string {
  if (target?.kind !== 'resource') return 'other'
  const named = target.subresource ? `${target.resource}/${target.subresource}` : target.resource
  return kind.test(named) ? named : 'other'
}

/** Says what a request turned out to be: its verb and kind, and the id under which the trail and both logs have it. */
export function describeSpan(span: Span, { exchange, target, decision }: Known, code: number): void {
  span.updateName(`${spokenVerb(target)} ${resourceOf(target)}`)
  span.setAttributes({
    'http.response.status_code': code,
    'spaceport.request_id': exchange.id,
    // Only a cluster that was found: what the path says is the client’s.
    ...(decision && target && { 'spaceport.cluster': target.cluster }),
  })
}

/** @returns what is said of the request to the API server */
export const aboutCluster = (target: Target, cluster: string): About => ({
  kind: 'client',
  attributes: { 'http.request.method': target.method, 'spaceport.cluster': cluster },
})
