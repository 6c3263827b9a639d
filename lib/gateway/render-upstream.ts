import type { Admitted } from './admit.ts'
import type { Exchange } from './exchange.ts'
import { renderImpersonation } from './impersonate.ts'
import { narrowNamespaces } from './narrow-namespaces.ts'

/** @returns path and headers (names and values in turn) under which an admitted request goes upstream */
export function renderUpstream(exchange: Exchange, { target, decision, access, upstream }: Admitted) {
  const identity = decision.as === 'person' ? renderImpersonation(access.person) : []
  const path =
    decision.as === 'gateway' && target.kind === 'resource'
      ? narrowNamespaces(target, decision.spaceIds)
      : `${target.path}${target.query === '' ? '' : `?${target.query}`}`
  return {
    path: upstream.basePath + path,
    headers: [...exchange.forward, ...upstream.credential(), ...identity, 'Audit-ID', exchange.id],
  }
}
