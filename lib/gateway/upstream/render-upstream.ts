import type { AdmittedRequest } from '#lib/gateway/admit.ts'
import type { Access } from '#lib/gateway/credential/access.ts'
import { hasNamesInAnswer } from '#lib/gateway/request/answer-reader.ts'
import { narrowNamespaces } from '#lib/gateway/request/narrow-namespaces.ts'
import { renderImpersonation } from '#lib/kernel/model/spaces/impersonation.ts'
import { traceHeaders } from '#lib/observability/tracing.ts'
import type { UpstreamRequest } from './render-request.ts'

/**
 * @param auditId for the cluster's own audit log; by default, the request's ID
 * @returns a request as the person, or as the gateway, narrowed to what the person may see
 * @throws GatewayRefusal when it can't be narrowed
 */
export function renderUpstream(
  admitted: AdmittedRequest,
  body: Buffer | null,
  auditId = admitted.exchange.id,
): UpstreamRequest {
  const { headers, target, decision, access, upstream } = admitted
  const { method } = target
  if (decision.as === 'gateway' && target.kind === 'resource')
    return { ...ownRequest(admitted, narrowNamespaces(target, decision.spaceIds)), body }
  const own = [...upstream.credential(), 'Audit-ID', auditId, ...Object.entries(traceHeaders()).flat()]
  const query = target.query === '' ? '' : `?${target.query}`
  const path = `${upstream.basePath}${target.path}${query}`
  const forwarded = hasNamesInAnswer(target) ? readableHeaders(headers.forward) : headers.forward
  return { method, path, fields: [...forwarded, ...own, ...impersonationOf(access)], body }
}

/**
 * @param path narrowed to what the person may see (narrow-namespaces.ts)
 * @param accepting changes what the client accepts
 * @returns a request with the gateway's own rights and a readable answer
 */
export function ownRequest(
  { exchange, headers, target: { method }, upstream }: AdmittedRequest,
  path: string,
  accepting: (accept: string) => string = (accept) => accept,
): UpstreamRequest {
  const fields = readableHeaders(headers.forward).map((value, at, all) =>
    at % 2 === 1 && all[at - 1] === 'Accept' ? accepting(value) : value,
  )
  const own = [...upstream.credential(), 'Audit-ID', exchange.id, ...Object.entries(traceHeaders()).flat()]
  return { method, path: upstream.basePath + path, fields: [...fields, ...own], body: null }
}

/** The same for all requests of a credential, so it is rendered once per read of its access. */
const impersonations = new WeakMap<Access, readonly string[]>()

function impersonationOf(access: Access): readonly string[] {
  const known = impersonations.get(access)
  if (known) return known
  const rendered = renderImpersonation(access.person)
  impersonations.set(access, rendered)
  return rendered
}

/** The gateway must read the answer: no compression, and no CBOR, which it can't read. */
function readableHeaders(headers: readonly string[]): string[] {
  const kept: string[] = []
  for (let at = 0; at + 1 < headers.length; at += 2) {
    const name = headers[at] ?? ''
    const value = headers[at + 1] ?? ''
    if (name === 'Accept')
      kept.push(
        name,
        value
          .split(',')
          .filter((range) => !/cbor/i.test(range))
          .join() || '*/*',
      )
    else if (name !== 'Accept-Encoding') kept.push(name, value)
  }
  return kept
}
