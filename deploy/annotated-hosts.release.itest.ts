import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { openClusterFixture } from '#dev/testing/fixtures/cluster-fixture.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { defaultReach } from '#lib/kernel/model/access/reach-fixture.ts'
import { type KubeRequest, request } from '#lib/kube/client/request.ts'

/**
 * The hosts that a space's Services, pods and Ingresses may name in annotations, from which controllers create DNS
 * records and routes.
 */
const fixture = openClusterFixture()
type Space = Awaited<ReturnType<typeof fixture.makeSpace>>
let space: Space
/** A space with a suffix that the operator set. */
let below: Space
beforeAll(async () => {
  const reach = { ...defaultReach, ingressSuffixes: ['apps.example.com'] }
  ;[space, below] = await Promise.all([fixture.makeSpace(), fixture.makeSpace([], reach)])
})
afterAll(() => fixture.close())

const keys = [
  'external-dns.alpha.kubernetes.io/hostname',
  'external-dns.alpha.kubernetes.io/internal-hostname',
  'dns.alpha.kubernetes.io/external',
  'dns.alpha.kubernetes.io/internal',
  'nginx.ingress.kubernetes.io/server-alias',
  'konghq.com/host-aliases',
  'appgw.ingress.kubernetes.io/hostname-extension',
  'haproxy-ingress.github.io/redirect-from',
  'cert-manager.io/common-name',
  'cert-manager.io/alt-names',
  'external-dns.alpha.kubernetes.io/cloudflare-custom-hostname',
  'traefik.ingress.kubernetes.io/router.tls.domains.0.main',
  'traefik.ingress.kubernetes.io/router.tls.domains.1.sans',
]
const [hostname = ''] = keys

const service = (spec: object) => ({ apiVersion: 'v1', kind: 'Service', spec: { ports: [{ port: 80 }], ...spec } })
const container = { name: 'c', image: 'i' }
type Kind = readonly [what: string, collection: string, object: (own: string) => object]
const kinds: readonly Kind[] = [
  ['a Service', 'api/v1/services', () => service({})],
  ['a headless Service', 'api/v1/services', () => service({ clusterIP: 'None' })],
  ['a Service elsewhere', 'api/v1/services', () => service({ type: 'ExternalName', externalName: 'db.example.net' })],
  ['a pod', 'api/v1/pods', () => ({ apiVersion: 'v1', kind: 'Pod', spec: { containers: [container] } })],
  [
    'an Ingress',
    'apis/networking.k8s.io/v1/ingresses',
    (own) => ({ apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', spec: { rules: [{ host: own }] } }),
  ],
]
function ofKind(wanted: string): Kind {
  const kind = kinds.find(([what]) => what === wanted)
  if (!kind) throw new Error(`no kind ${wanted}`)
  return kind
}

const pathOf = (within: Space, [, collection]: Kind) => {
  const [, version, resource] = /^(.*)\/(.*)$/.exec(collection) ?? []
  return `/${version}/namespaces/${within.namespace}/${resource}`
}
const ownHost = (within: Space) => `${within.namespace}.${within === below ? 'apps.' : ''}example.com`

/** Creates an object of a kind with annotations, as a dry run by the space's owner. */
const make = (within: Space, kind: Kind, annotations: Record<string, string>) => {
  const metadata = { name: uniqueName('made'), annotations }
  const body = { ...kind[2](ownHost(within)), metadata }
  return within.tryAsOwner({ method: 'POST', path: pathOf(within, kind), query: { dryRun: 'All' }, body })
}
const merge = (path: string, metadata: object): KubeRequest => ({
  method: 'PATCH',
  path,
  contentType: 'application/merge-patch+json',
  body: { metadata },
})

const each = kinds.flatMap((kind) => keys.map((key) => [kind[0], key] as const))

test.each(each)('%s names only the space’s own hosts by %s', async (what, key) => {
  const kind = ofKind(what)
  const { namespace } = space
  expect(await make(space, kind, { [key]: `${namespace}.example.com, ${namespace}.example.org` })).toBe('allowed')
  expect(await make(space, kind, { [key]: 'shop.example.com' })).toBe('forbidden')
})

test.each(kinds)(
  '%s names no other host among its own, and none that controllers read differently',
  async (...kind) => {
    const { namespace } = space
    for (const value of [
      `${namespace}.example.com,shop.example.com`,
      `shop.example.com\n,${namespace}.example.com`,
      `${namespace}.example.com shop.example.com`,
      `${namespace}.example.com;shop.example.com`,
      `${namespace}-b.example.com`,
      `a.${namespace}.example.com`,
      `*.${namespace}.example.com`,
      'shop.exam ple.com',
      'SHOP.example.com',
      '{{.Name}}.example.com',
    ])
      expect(await make(space, kind, { [hostname]: value }), value).toBe('forbidden')
  },
)

test.each(kinds)('%s keeps annotations that name no host', async (...kind) => {
  const harmless = {
    [hostname]: '',
    'external-dns.alpha.kubernetes.io/ttl': '60',
    'external-dns.alpha.kubernetes.io/target': '192.0.2.1',
    'example.com/note': 'shop.example.com',
    'example.com/long': 'x'.repeat(200_000),
  }
  expect(await make(space, kind, harmless)).toBe('allowed')
})

test.each(kinds)(
  '%s may name hosts below the operator’s suffix, and hosts that the operator assigned to the space',
  async (...kind) => {
    const own = ownHost(below)
    const many = Array.from({ length: 300 }, (_, at) => `host-${at}.${own}`).join(',')
    for (const value of [own, `a.b.${own},*.${own}`, many])
      expect(await make(below, kind, { [hostname]: value }), value).toBe('allowed')
    for (const value of [`${below.namespace}.example.com`, 'other.apps.example.com', `x${own}`, '*.apps.example.com'])
      expect(await make(below, kind, { [hostname]: value }), value).toBe('forbidden')
  },
)

test('annotations may name a host that the operator assigned to a space, in that space only', async () => {
  const given = await fixture.makeSpace()
  const shop = { [hostname]: 'shop.example.com' }
  const path = `/api/v1/namespaces/${given.namespace}`
  await request(
    fixture.admin,
    merge(path, { annotations: { 'spaceport.dev/ingress-hosts': 'shop.example.com' } }),
    z.unknown(),
  )
  for (const kind of kinds) {
    await vi.waitFor(async () => expect(await make(given, kind, shop)).toBe('allowed'), {
      timeout: 10_000,
      interval: 100,
    })
    expect(await make(space, kind, shop)).toBe('forbidden')
  }
})

test.each([
  ['haproxy-ingress.github.io/server-alias-regex', '.*'],
  ['haproxy-ingress.github.io/redirect-from-regex', 'shop'],
  ['alb.ingress.kubernetes.io/conditions.s', '[{"field":"host-header","hostHeaderConfig":{"values":["*"]}}]'],
  ['alb.ingress.kubernetes.io/conditions.s', '[{"field":"\\u0068ost-header","hostHeaderConfig":{"values":["*"]}}]'],
  ['traefik.ingress.kubernetes.io/router.pathmatcher', 'Host(`shop.example.com`) || PathPrefix'],
  ['getambassador.io/config', '{apiVersion: getambassador.io/v3alpha1, kind: Mapping, hostname: shop.example.com}'],
])('an Ingress gets no hosts by %s: %s', async (key, value) => {
  expect(await make(space, ofKind('an Ingress'), { [key]: value })).toBe('forbidden')
})

test('an Ingress may ask for more than a host', async () => {
  const value = '[{"field":"path-pattern","pathPatternConfig":{"values":["/a/*"]}}]'
  const annotations = {
    'alb.ingress.kubernetes.io/conditions.s': value,
    'traefik.ingress.kubernetes.io/router.pathmatcher': 'PathRegexp',
  }
  expect(await make(space, ofKind('an Ingress'), annotations)).toBe('allowed')
})

test('a Service brings no routes of its own', async () => {
  const route = { 'getambassador.io/config': '{apiVersion: getambassador.io/v3alpha1, kind: Mapping, prefix: /}' }
  expect(await make(space, ofKind('a Service'), route)).toBe('forbidden')
})

test.each([
  ['/a', 'allowed'],
  ['/a`) || Host(`shop.example.com', 'forbidden'],
])('a path that injects a rule is refused: %s', async (path, expected) => {
  const [, collection, object] = ofKind('an Ingress')
  const http = {
    paths: [{ path, pathType: 'ImplementationSpecific', backend: { service: { name: 's', port: { number: 80 } } } }],
  }
  const withPath = (own: string) => ({ ...object(own), spec: { rules: [{ host: own, http }] } })
  expect(await make(space, ['an Ingress', collection, withPath], {})).toBe(expected)
})

test.each([
  ['ip-sans', '10.96.0.1'],
  ['uri-sans', 'spiffe://cluster.local/ns/kube-system/sa/default'],
  ['email-sans', 'root@example.com'],
])('a certificate is requested by host, not by %s', async (what, value) => {
  expect(await make(space, ofKind('an Ingress'), { [`cert-manager.io/${what}`]: value })).toBe('forbidden')
})

test.each(['a Service', 'a pod'])(
  'an existing %s keeps its host, and can otherwise change and be deleted, but gets no other host',
  async (what) => {
    const kind = ofKind(what)
    const name = uniqueName('before')
    const metadata = { name, annotations: { [hostname]: 'shop.example.com' }, finalizers: ['example.com/held'] }
    const body = { ...kind[2](''), metadata }
    await request(fixture.admin, { method: 'POST', path: pathOf(space, kind), body }, z.unknown())
    const path = `${pathOf(space, kind)}/${name}`
    const change = (changed: object) => space.tryAsOwner(merge(path, changed))
    expect(await change({ labels: { app: 'web' }, annotations: { note: 'a' } })).toBe('allowed')
    expect(await change({ annotations: { [hostname]: 'login.example.com' } })).toBe('forbidden')
    expect(await change({ annotations: { [`x.${hostname}`]: 'shop.example.com' } })).toBe('forbidden')
    expect(await change({ finalizers: null })).toBe('allowed')
    expect(await change({ annotations: { [hostname]: null } })).toBe('allowed')
    expect(await change({ annotations: { [hostname]: 'shop.example.com' } })).toBe('forbidden')
  },
)

test.each(['ephemeralcontainers', 'resize'])('no annotation reaches a pod through its %s', async (subresource) => {
  const kind = ofKind('a pod')
  const name = uniqueName('pod')
  const body = { ...kind[2](''), metadata: { name } }
  expect(await space.tryAsOwner({ method: 'POST', path: pathOf(space, kind), body })).toBe('allowed')
  const path = `${pathOf(space, kind)}/${name}`
  await space.tryAsOwner(merge(`${path}/${subresource}`, { annotations: { [hostname]: 'shop.example.com' } }))
  const schema = z.object({ metadata: z.object({ annotations: z.record(z.string(), z.string()).optional() }) })
  const pod = await request(fixture.admin, { method: 'GET', path }, schema)
  expect(pod.metadata.annotations).not.toHaveProperty([hostname])
})
