import { describe, expect, test } from 'vitest'
import { indexAccess } from '#lib/gateway/credential/access.ts'
import { accessRow, accessSpan } from '#lib/gateway/credential/access-fixture.ts'
import { GatewayRefusal } from '#lib/gateway/refusal.ts'
import { parseTarget } from '#lib/gateway/target/parse-target.ts'
import { decide } from './decide.ts'

const readable = ['storageclasses.storage.k8s.io', 'nodes']
const rules = { portalUrl: 'https://portal', clusterReadable: new Set(readable) }
const access = (spaceId: string | null) =>
  indexAccess(accessRow({ spaceId, spans: [accessSpan({ spaceId: 'one', role: 'admin' })] }))
const holders = { unbound: access(null), bound: access('one') }

type Answer = 'person' | 'gateway' | 'itself' | `refused ${string}`
function ask(method: string, path: string, holder: keyof typeof holders): Answer {
  try {
    return decide(parseTarget(method, `/clusters/lab${path}`), holders[holder], 0, rules).as
  } catch (error) {
    if (error instanceof GatewayRefusal) return `refused ${error.key}`
    throw error
  }
}
const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']
/** The results of each method on a path, for both credentials, keyed like `GET unbound`. */
const everyWay = (path: string) =>
  methods.flatMap((method) =>
    (['unbound', 'bound'] as const).map((holder) => [`${method} ${holder}`, ask(method, path, holder)] as const),
  )
const waysThrough = (path: string) =>
  everyWay(path)
    .filter(([, answer]) => !answer.startsWith('refused'))
    .map(([way, answer]) => `${way}: ${answer}`)

test.each([
  '/api',
  '/api/',
  '/api/v1',
  '/api?timeout=32s',
  '/apis',
  '/apis/apps',
  '/apis/apps/v1',
  '/apis/metrics.k8s.io/v1beta1',
  '/version',
  '/openapi/v2',
  '/openapi/v3',
  '/openapi/v3/api/v1?hash=1',
  '/openapi/v3/apis/apps/v1',
  '/healthz',
  '/livez',
  '/readyz?verbose',
])('every credential can read what clients need to work, by GET only: %s', (path) => {
  expect(waysThrough(path)).toEqual(['GET unbound: person', 'GET bound: person'])
})

test.each([
  'authorization.k8s.io/v1/selfsubjectaccessreviews',
  'authorization.k8s.io/v1/selfsubjectrulesreviews',
  'authentication.k8s.io/v1/selfsubjectreviews',
  'authentication.k8s.io/v1beta1/selfsubjectreviews',
])('every credential can review its own rights, by POST only: %s', (path) => {
  expect(waysThrough(`/apis/${path}`)).toEqual(['POST unbound: person', 'POST bound: person'])
  expect(waysThrough(`/apis/${path}/name`)).toEqual([])
  expect(waysThrough(`/apis/${path}/name/status`)).toEqual([])
})

test('the gateway answers the list of namespaces itself, narrowed', () => {
  const listed = ['GET unbound: gateway', 'GET bound: gateway', 'HEAD unbound: gateway', 'HEAD bound: gateway']
  expect(waysThrough('/api/v1/namespaces')).toEqual(listed)
  expect(waysThrough('/api/v1/namespaces?watch=true')).toEqual(listed)
  expect(waysThrough('/api/v2/namespaces')).toEqual([])
  expect(waysThrough('/apis/apps/v1/namespaces')).toEqual([])
})

test.each(['/apis/storage.k8s.io/v1/storageclasses', '/api/v1/nodes'])(
  'an unbound credential can read a readable kind: %s',
  (path) => {
    for (const read of [path, `${path}/x`, `${path}?watch=1`]) {
      expect(waysThrough(read)).toEqual(['GET unbound: person', 'HEAD unbound: person'])
      expect(ask('GET', read, 'bound')).toBe('refused outside_credential')
    }
    expect(waysThrough(`${path}/x/status`)).toEqual([])
    expect(waysThrough(`${path}/x/proxy`)).toEqual([])
  },
)

describe('everything else is refused', () => {
  const groups = ['', 'apps', 'storage.k8s.io', 'authorization.k8s.io', 'rbac.authorization.k8s.io', 'example.com']
  const resources = [
    'pods',
    'secrets',
    'nodes',
    'storageclasses',
    'clusterroles',
    'selfsubjectreviews',
    'storageclasse',
  ]
  const rests = ['', '/x', '/x/status', '/x/proxy', '/x/token', '?watch=true', '?fieldSelector=metadata.name%3Dx']
  const kinds = groups.flatMap((group) =>
    resources
      .map((resource) => ({ group, resource, named: group === '' ? resource : `${resource}.${group}` }))
      .filter(({ named }) => !readable.includes(named)),
  )

  test.each(kinds)('$named', ({ group, resource }) => {
    const root = group === '' ? '/api/v1' : `/apis/${group}/v1`
    for (const rest of rests) expect(waysThrough(`${root}/${resource}${rest}`), rest).toEqual([])
  })

  test.each([
    '/',
    '/metrics',
    '/metrics/slis',
    '/logs',
    '/logs/kube-apiserver.log',
    '/debug/pprof/',
    '/openapi',
    '/openapi/v2/x',
    '/openapi/v4',
    '/swagger.json',
    '/version/x',
    '/versions',
    '/healthz/etcd',
    '/readyz/poststarthook/x',
    '/flagz',
    '/statusz',
    '/configz',
    '/openid/v1/jwks',
    '/.well-known/openid-configuration',
    '/API/v1',
    '/apis/a/b/c/d/e/f',
  ])('%s', (path) => {
    expect(waysThrough(path)).toEqual([])
  })
})

test('a refusal has the API server’s wording', () => {
  const message = (method: string, path: string, holder: keyof typeof holders = 'unbound') => {
    try {
      return decide(parseTarget(method, `/clusters/lab${path}`), holders[holder], 0, rules).as
    } catch (error) {
      return error instanceof GatewayRefusal ? [error.message, error.status, error.details] : error
    }
  }
  const user = 'User "system:serviceaccount:spaceport-users:ann-1"'
  const why = 'Spaceport gives access to your spaces only; see https://portal'
  expect(message('GET', '/api/v1/pods?limit=5')).toEqual([
    `pods is forbidden: ${user} cannot list resource "pods" in API group "" at the cluster scope: ${why}`,
    403,
    { kind: 'pods' },
  ])
  expect(message('PATCH', '/apis/rbac.authorization.k8s.io/v1/clusterroles/x/status')).toEqual([
    `clusterroles.rbac.authorization.k8s.io "x" is forbidden: ${user} cannot patch resource "clusterroles/status" in API group "rbac.authorization.k8s.io" at the cluster scope: ${why}`,
    403,
    { name: 'x', group: 'rbac.authorization.k8s.io', kind: 'clusterroles' },
  ])
  expect(message('POST', '/version')).toEqual([`forbidden: ${user} cannot post path "/version": ${why}`, 403, {}])
  expect(message('GET', '/api/v1/nodes', 'bound')).toEqual([
    `nodes is forbidden: ${user} cannot list resource "nodes" in API group "" at the cluster scope: this credential is bound to a space`,
    403,
    { kind: 'nodes' },
  ])
})
