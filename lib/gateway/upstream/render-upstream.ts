import type { Admitted } from '#lib/gateway/admit.ts'
import type { Exchange } from '#lib/gateway/exchange.ts'
import { narrowNamespaces } from '#lib/gateway/request/narrow-namespaces.ts'
import { renderImpersonation } from './impersonate.ts'

/** @returns path and headers (names and values in turn) under which an admitted request goes upstream */
export function renderUpstream(exchange: Exchange, { target, decision, access, upstream }: Admitted) {
  const own = [...upstream.credential(), 'Audit-ID', exchange.id]
  if (decision.as === 'gateway' && target.kind === 'resource') {
    const path = upstream.basePath + narrowNamespaces(target, decision.spaceIds)
    return { path, headers: [...readableHeaders(exchange.forward), ...own] }
  }
  const query = target.query === '' ? '' : `?${target.query}`
  return {
    path: `${upstream.basePath}${target.path}${query}`,
    headers: [...exchange.forward, ...own, ...renderImpersonation(access.person)],
  }
}

/** The gateway has to read the answer: no compression, and no encoding that it does not know where there is another. */
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
