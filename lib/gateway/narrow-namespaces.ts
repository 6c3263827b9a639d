/**
 * `kubectl get namespaces` is answered with the gateway's own right. Must never let through more than the given spaces:
 * their requirement stands first in the selector, requirements are only ever joined by "and", and of each parameter one
 * value goes upstream.
 */
import { labels } from '#lib/domain/cluster-names.ts'
import { parseQuery } from './parse-query.ts'
import type { ResourceTarget } from './parse-target.ts'

/** No space has this id: it stands for the empty set, which the selector's grammar does not know. */
const nobody = 'none'

/** @returns the path and query that list or watch exactly these spaces' namespaces */
export function narrowNamespaces(target: ResourceTarget, spaceIds: readonly string[]): string {
  const query = parseQuery(target.query)
  const asked = query.get('labelSelector')?.trim() ?? ''
  const ours = `${labels.spaceId} in (${spaceIds.length > 0 ? spaceIds.join(',') : nobody})`
  query.delete('labelSelector')
  query.set('labelSelector', asked === '' ? ours : `${ours},${asked}`)
  return `/api/v1/namespaces?${query.toString()}`
}
