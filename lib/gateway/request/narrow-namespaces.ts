/**
 * `kubectl get namespaces` is answered with the gateway's own rights. Must never show more than the given spaces: the
 * query is built from a list of parameters, each at most once and in its required form, with our own requirement first
 * in the selector, joined by "and".
 */

import { GatewayRefusal } from '#lib/gateway/refusal.ts'
import { parseLabelSelector } from '#lib/gateway/target/parse-label-selector.ts'
import { parseQuery } from '#lib/gateway/target/parse-query.ts'
import type { ResourceTarget } from '#lib/gateway/target/parse-target.ts'
import { labels } from '#lib/kernel/model/spaces/cluster-names.ts'
import { markOf, unmarkQuery } from './space-set-mark.ts'

/** No space has this ID. It represents the empty set, which the selector's grammar can't express. */
const noSpace = 'none'

const flag = /^(true|false|1|0|)$/i
const number = /^\d{1,18}$/
const name = '[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?'
const term = String.raw`(?:metadata\.name|status\.phase)(?:==|=|!=)(?:${name}|Active|Terminating)?`
const duration = /^(?:\d{1,9}(?:\.\d{1,9})?(?:ns|us|ms|s|m|h)){1,4}$|^0?$/
/**
 * Parameter → its allowed form (https://kubernetes.io/docs/reference/kubernetes-api/common-parameters/). Others are
 * dropped; the API server ignores them too.
 */
const allowed: ReadonlyMap<string, RegExp> = new Map([
  ['labelSelector', /^[^\0]{0,8192}$/],
  ['fieldSelector', new RegExp(`^(?:${term}(?:,${term}){0,9})?$`)],
  ['watch', flag],
  ['allowWatchBookmarks', flag],
  ['sendInitialEvents', flag],
  ['timeoutSeconds', number],
  ['timeout', duration],
  ['limit', number],
  ['continue', /^[-\w=]{0,4096}$/],
  ['resourceVersion', /^\d{1,24}$/],
  ['resourceVersionMatch', /^(?:Exact|NotOlderThan)$/],
  ['includeObject', /^(?:None|Metadata|Object)$/],
  ['pretty', flag],
])

/**
 * @returns the path and query that list or watch exactly these spaces' namespaces
 * @throws GatewayRefusal bad_path for an invalid parameter; access_changed when it continues a list of other spaces
 */
export function narrowNamespaces(target: ResourceTarget, spaceIds: readonly string[]): string {
  const { rendered, requirements } = readParameters(target)
  unmarkQuery(rendered, target.verb, markOf(spaceIds))
  // Bookmarks show how far the watch has come (watched-spaces.ts).
  if (target.verb === 'watch') rendered.set('allowWatchBookmarks', 'true')
  return render(rendered, requirements, spaceIds)
}

/**
 * @param version where the watch continues
 * @param seconds how long it has run so far
 */
export function continueWatch(
  target: ResourceTarget,
  spaceIds: readonly string[],
  version: string,
  seconds: number,
): string {
  const { rendered, requirements } = readParameters(target)
  for (const name of ['sendInitialEvents', 'resourceVersionMatch', 'continue', 'limit']) rendered.delete(name)
  rendered.set('resourceVersion', version)
  rendered.set('allowWatchBookmarks', 'true')
  const timeout = Number(rendered.get('timeoutSeconds') ?? 0)
  if (timeout > 0) rendered.set('timeoutSeconds', String(Math.max(1, Math.round(timeout - seconds))))
  return render(rendered, requirements, spaceIds)
}

/**
 * Names the namespace of one space, so that the API server doesn't read all namespaces.
 * @param version for the API server's answer
 * @returns undefined if the watch doesn't cover it
 */
export function listNamespaceOf(
  target: ResourceTarget,
  { spaceId, namespace }: { spaceId: string; namespace: string },
  version: string,
): string {
  const { rendered, requirements } = readParameters(target)
  const asked = ['fieldSelector', 'includeObject'].map((name) => [name, rendered.get(name)] as const)
  const listed = new URLSearchParams(asked.filter((entry): entry is [string, string] => entry[1] !== null))
  listed.set('fieldSelector', [`metadata.name=${namespace}`, rendered.get('fieldSelector') ?? []].flat().join(','))
  listed.set('resourceVersion', version)
  listed.set('resourceVersionMatch', 'Exact')
  return render(listed, requirements, [spaceId])
}

function readParameters(target: ResourceTarget) {
  const rendered = new URLSearchParams()
  let requirements: string[] = []
  const asked = parseQuery(target.query)
  for (const [parameter, form] of allowed) {
    // The API server also takes the first of several.
    const value = asked.get(parameter)
    // The API server ignores empty values, except for flags.
    if (value === null || (value === '' && form !== flag)) continue
    if (!form.test(value)) throw refuse(parameter)
    if (parameter === 'labelSelector') requirements = parseLabelSelector(value)
    else rendered.set(parameter, value)
  }
  return { rendered, requirements }
}

function render(rendered: URLSearchParams, requirements: readonly string[], spaceIds: readonly string[]): string {
  const ours = `${labels.spaceId} in (${spaceIds.length > 0 ? spaceIds.join(',') : noSpace})`
  rendered.set('labelSelector', [ours, ...requirements].join(','))
  return `/api/v1/namespaces?${rendered}`
}

const refuse = (parameter: string) => new GatewayRefusal('bad_path', 400, `invalid query: cannot parse ${parameter}`)
