import fc from 'fast-check'
import { z } from 'zod'

/**
 * A request as a hostile or an unusual client might write it. `OWN` and `OTHER` in the path are replaced by namespaces.
 */
export const fuzzCaseSchema = z.strictObject({
  method: z.string(),
  path: z.string(),
  query: z.string().optional(),
  /** The text to repeat at the end of the query, and how often. */
  flood: z.tuple([z.string(), z.number()]).optional(),
  contentType: z.string(),
  body: z.enum(['none', 'json', 'yaml', 'protobuf', 'wrong']),
})
export type FuzzCase = z.infer<typeof fuzzCaseSchema>

/** @returns the request target */
export const targetOf = ({ path, query, flood }: FuzzCase): string =>
  `${path}${query === undefined && !flood ? '' : `?${query ?? ''}${flood ? flood[0].repeat(flood[1]) : ''}`}`

const oneOf = <T>(...values: T[]) => fc.constantFrom(...values)
/** Mostly well-formed, or nothing unusual would get as far as the API server. */
const mostly = <T>(honest: fc.Arbitrary<T>, odd: fc.Arbitrary<T>, times = 5): fc.Arbitrary<T> =>
  fc.oneof({ weight: times, arbitrary: honest }, { weight: 1, arbitrary: odd })

const namespaces = mostly(fc.constant('OWN'), oneOf('OTHER', 'kube-system', '..', '%2e%2e', 'OWN%2fx', 'none'))
const names = mostly(
  oneOf('one', 'fuzz', 'a%3Ab', 'a:b', 'status', 'exec', 'namespaces', 'watch'),
  oneOf('.', '%00', 'x%20y', 'ü'),
  10,
)
const resources = mostly(
  oneOf('configmaps', 'pods', 'secrets', 'services', 'serviceaccounts', 'events', 'roles', 'rolebindings'),
  oneOf('deployments', 'jobs', 'namespaces', 'nodes', 'watch', 'proxy', 'bindings', 'nothing', 'status'),
)
const subresources = oneOf('status', 'exec', 'log', 'scale', 'proxy', 'eviction', 'finalize', 'token', 'binding', 'x')
const roots = mostly(
  oneOf('/api/v1', '/api/v1', '/apis/apps/v1', '/apis/batch/v1', '/apis/rbac.authorization.k8s.io/v1'),
  oneOf('/apis/authorization.k8s.io/v1', '/apis/authentication.k8s.io/v1', '/api/v2', '/apis/none/v1', '/apis'),
)

const kinds = mostly(
  oneOf(
    ...['/api/v1 configmaps', '/api/v1 configmaps', '/api/v1 pods', '/api/v1 secrets', '/api/v1 services'],
    ...['/apis/apps/v1 deployments', '/apis/batch/v1 jobs', '/apis/rbac.authorization.k8s.io/v1 roles'],
  ),
  fc.tuple(roots, resources).map((parts) => parts.join(' ')),
  2,
).map((kind) => kind.split(' '))

const joined = (parts: readonly (string | null)[]) => parts.filter((part) => part !== null && part !== '').join('/')
const namespaced = fc
  .tuple(
    kinds,
    namespaces,
    fc.option(names, { freq: 1 }),
    mostly(fc.constant(null), subresources, 2),
    mostly(fc.constant(null), names),
  )
  .map(([[root, resource], namespace, name, subresource, more]) =>
    joined([`${root}/namespaces/${namespace}/${resource}`, name, name && subresource, name && subresource && more]),
  )
const clusterScoped = fc
  .tuple(roots, resources, fc.option(names), fc.option(subresources))
  .map(([root, resource, name, subresource]) => joined([`${root}/${resource}`, name, name && subresource]))
const known = oneOf(
  ...[
    '/api/v1/namespaces',
    '/api/v1/namespaces',
    '/api/v1/namespaces/OWN',
    '/api/v1/namespaces/OTHER',
    '/api',
    '/apis',
  ],
  ...[
    '/api/v1',
    '/apis/apps/v1',
    '/version',
    '/openapi/v2',
    '/healthz',
    '/metrics',
    '/',
    '',
    '/logs/',
    '/.well-known/x',
  ],
  ...['/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', '/apis/authentication.k8s.io/v1/selfsubjectreviews'],
  ...['/api/v1/watch/namespaces/OWN/pods', '/api/v1/proxy/namespaces/OWN/pods/one', '/api/v1/namespaces/OWN/finalize'],
  ...['/api/v1/namespaces/OWN/configmaps', '/api/v1/namespaces/OWN/pods', '/apis/storage.k8s.io/v1/storageclasses'],
)

type Mutation = (path: string, at: number) => string
const insert =
  (text: string): Mutation =>
  (path, at) =>
    path.slice(0, at) + text + path.slice(at)
const encodeOne: Mutation = (path, at) => {
  const code = path.charCodeAt(at)
  if (Number.isNaN(code) || code > 127) return path
  return `${path.slice(0, at)}%${code.toString(16).padStart(2, '0')}${path.slice(at + 1)}`
}
const mutations: Mutation[] = [
  ...[encodeOne, encodeOne, encodeOne, encodeOne, encodeOne, encodeOne],
  ...['/', '//', '/./', '/../', '%2f', '%2F', '%2e', '%252e', '\\', ';', ';a=b', '#', '%', '%zz', '%00'].map(insert),
  ...['\u00fc', '%c3%bc', '%ff', ' ', '\t', '?', '%3f', '*', '@', '://', '~', '!', "'", '(', '+', ',', '='].map(insert),
  (path, at) => path.slice(0, at) + path.slice(at).toUpperCase(),
  (path, at) => path.slice(0, at),
]
const mutated = (paths: fc.Arbitrary<string>) =>
  fc
    .tuple(paths, fc.array(fc.tuple(oneOf(...mutations), fc.nat(80)), { minLength: 1, maxLength: 2 }))
    .map(([path, changes]) => changes.reduce((text, [mutate, at]) => mutate(text, at % (text.length + 1)), path))

const keys = oneOf(
  ...['watch', 'watch', '%77atch', 'watch%3D', 'WATCH', '+watch', 'follow', 'dryRun', 'dryRun', '%64ryRun', 'dryrun'],
  ...['limit', 'continue', 'fieldSelector', 'labelSelector', 'resourceVersion', 'resourceVersionMatch', 'pretty', 'a'],
  ...['timeoutSeconds', 'timeout', 'sendInitialEvents', 'allowWatchBookmarks', 'fieldManager', 'force', 'command', ''],
  ...['fieldValidation', 'propagationPolicy', 'gracePeriodSeconds', 'includeObject', 'container', 'as', 'tailLines'],
)
const values = mostly(
  oneOf(
    ...['true', 'false', '1', '0', '', 'True', 'FALSE', 'yes', 'All', 'all', '%41ll', 'All,All', '5', '-1', '1e3', '+'],
    ...['metadata.name%3Done', 'metadata.name=one', 'metadata.name%3Da,metadata.name%3Db', 'a%3Db', 'a%20in%20(b)'],
    ...['fal%C5%BFe', 'tr%C5%ABe', '%2B', 'a%26watch%3Dtrue', '%0d%0ax', '!a', 'Ignore', 'Strict', '%c3%bc'],
  ),
  oneOf('x;y', '%zz', '%', '%00', '%ff', 'a in (b)'),
  15,
)
const pair = mostly(
  fc.tuple(keys, values).map(([key, value]) => `${key}=${value}`),
  mostly(keys, fc.constant('access_token=x')),
  8,
)
const query = fc
  .tuple(fc.array(pair, { maxLength: 4 }), mostly(fc.constant('&'), oneOf('&&', ';', '&;'), 12))
  .map(([pairs, separator]) => pairs.join(separator))

const methods = mostly(
  oneOf('GET', 'GET', 'GET', 'GET', 'HEAD', 'POST', 'POST', 'PUT', 'PATCH', 'DELETE'),
  oneOf('get', 'OPTIONS', 'TRACE', 'PROPFIND', 'PURGE'),
  12,
)
const protobufType = 'application/vnd.kubernetes.protobuf'
const floods = fc.tuple(oneOf('&a', '&', '&watch=true', '&dryRun=All', 'x'), oneOf(5, 90, 990, 1_100, 10_001))

/** Targets from the ordinary to the absurd. */
export const fuzzCases: fc.Arbitrary<FuzzCase> = fc
  .record({
    method: methods,
    path: fc.oneof(
      { weight: 5, arbitrary: namespaced },
      { weight: 1, arbitrary: clusterScoped },
      { weight: 3, arbitrary: known },
      { weight: 3, arbitrary: mutated(fc.oneof(namespaced, known, clusterScoped)) },
    ),
    query: fc.option(query, { nil: undefined, freq: 3 }),
    flood: mostly(fc.constant(undefined), floods, 12),
    contentType: oneOf(...['application/json', 'application/json', 'application/yaml', 'text/plain', ''], protobufType),
    body: oneOf<FuzzCase['body']>('json', 'json', 'json', 'yaml', 'protobuf', 'wrong', 'none'),
    bodyOfGet: mostly(fc.constant(false), fc.constant(true), 15),
  })
  .map(({ query: asked, flood, bodyOfGet, body, ...rest }) => ({
    ...rest,
    body: /^(GET|HEAD)$/.test(rest.method) && !bodyOfGet ? 'none' : body,
    ...(asked !== undefined && { query: asked }),
    ...(flood && { flood }),
  }))
