/**
 * Parses a request by the API server's own rules (k8s.io/apiserver, pkg/endpoints/request/requestinfo.go). Must never
 * disagree with the API server about namespace, resource, subresource or verb.
 */

import { GatewayRefusal } from '#lib/gateway/refusal.ts'
import { parsePath } from './parse-path.ts'
import { parseQuery, readFlag } from './parse-query.ts'

export type Verb = 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete' | 'deletecollection'
/** On a non-resource path, the verb is the method. */
export type PathVerb = 'get' | 'head' | 'post' | 'put' | 'patch' | 'delete'

type Common = { cluster: string; method: string; path: string; query: string }
export type ResourceTarget = Common & {
  kind: 'resource'
  verb: Verb
  group: string
  version: string
  /** '' at cluster scope. For `namespaces/x` it is x. */
  namespace: string
  resource: string
  subresource: string
  /** '' for the whole collection. */
  name: string
  /** The answer may last as long as the client likes. */
  endless: boolean
  /** The query asks for a dry run. A deletion's body may say otherwise, and streams have no dry run. */
  dryRun: boolean
}
export type OtherTarget = Common & { kind: 'other'; verb: PathVerb }
export type Target = ResourceTarget | OtherTarget

const none = new URLSearchParams()

const verbs: ReadonlyMap<string, readonly [onResource: Verb, onPath: PathVerb]> = new Map([
  ['GET', ['get', 'get']],
  ['HEAD', ['get', 'head']],
  ['POST', ['create', 'post']],
  ['PUT', ['update', 'put']],
  ['PATCH', ['patch', 'patch']],
  ['DELETE', ['delete', 'delete']],
])

/**
 * @param method the request's method
 * @param url the request target: `/clusters/{cluster}/…`
 * @throws GatewayRefusal bad_method, bad_path, unknown_path
 */
export function parseTarget(method: string, url: string): Target {
  const [verb, pathVerb] = verbs.get(method) ?? []
  if (!verb || !pathVerb) throw new GatewayRefusal('bad_method', 405, `the method ${method} is not supported`)
  const { segments, encoded, query: asked } = parsePath(url)
  const parameters = asked === '' ? none : parseQuery(asked)
  const cluster = segments[1]
  if (segments[0] !== 'clusters' || cluster === undefined)
    throw new GatewayRefusal('unknown_path', 404, 'not found; cluster APIs are under /clusters/{cluster}')
  const path = `/${encoded.slice(2).join('/')}`
  const common = { cluster, method, path, query: asked === '' ? '' : parameters.toString() }
  const grouped = segments[2] === 'apis'
  const first = grouped ? 5 : 4
  if ((!grouped && segments[2] !== 'api') || segments.length <= first)
    return { kind: 'other', verb: pathVerb, ...common }

  const lead = segments[first] ?? ''
  // Legacy forms have the verb in the path (/api/v1/watch/…, /api/v1/proxy/…); no current client needs them.
  if (lead === 'watch') throw new GatewayRefusal('bad_path', 400, 'use ?watch=true instead of /watch/ in the path')

  let at = first
  let namespace = ''
  if (lead === 'namespaces' && segments.length > first + 1) {
    namespace = segments[first + 1] ?? ''
    const next = segments[first + 2]
    if (next !== undefined && next !== 'status' && next !== 'finalize') at = first + 2
  }
  const resource = segments[at] ?? ''
  const name = segments[at + 1] ?? ''
  const subresource = lead === 'proxy' ? 'proxy' : (segments[at + 2] ?? '')

  const target: ResourceTarget = {
    kind: 'resource',
    verb,
    group: grouped ? (segments[3] ?? '') : '',
    version: (grouped ? segments[4] : segments[3]) ?? '',
    namespace,
    resource,
    subresource,
    name,
    endless: false,
    dryRun: parameters.has('dryRun'),
    ...common,
  }
  if (asked !== '' || name === '') refineVerb(target, parameters)
  return target
}

function refineVerb(target: ResourceTarget, query: URLSearchParams): void {
  if (target.name === '') {
    if (target.verb === 'delete') target.verb = 'deletecollection'
    if (target.verb === 'get') target.verb = readFlag(query, 'watch') ? 'watch' : 'list'
  }
  target.endless = target.verb === 'watch' || (target.subresource === 'log' && readFlag(query, 'follow'))
}
