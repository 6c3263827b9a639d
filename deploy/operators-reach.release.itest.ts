import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { openClusterFixture } from '#dev/testing/fixtures/cluster-fixture.ts'
import { isAppError } from '#lib/kernel/model/errors.ts'
import { metadataRanges } from '#lib/kernel/model/spaces/metadata-ranges.ts'
import { ApiServerError, request } from '#lib/kube/client/request.ts'
import { deleteObject } from '#lib/kube/objects/delete-object.ts'

/** What the operator's SPACEPORT_DENIED_CIDRS and SPACEPORT_INGRESS_SUFFIXES allow members, by the real API server. */
const fixture = openClusterFixture()
const denied = {
  ipv4: ['10.0.0.0/8', '192.0.2.7/32', '172.16.0.0/12'],
  ipv6: ['fd12::/16', 'FD13:0::/16', '64:ff9b::10.0.0.0/104'],
}
const reach = {
  deniedCidrs: [...denied.ipv4, ...denied.ipv6],
  dnsPeers: [{ address: '169.254.20.10' }, { address: 'fd00:ec2::253' }, { namespace: 'openshift-dns', port: 5353 }],
  ingressSuffixes: ['apps.example.com', 'lab.example.org'],
  platformNamespaces: [],
}
type Space = Awaited<ReturnType<typeof fixture.makeSpace>>
let space: Space
let unguarded: Space
beforeAll(async () => {
  ;[space, unguarded] = await Promise.all([fixture.makeSpace([], reach), fixture.makeSpace([], reach)])
})
afterAll(() => fixture.close())

const soon = { timeout: 30_000, interval: 100 }

async function make(within: Space, kind: 'NetworkPolicy' | 'Ingress', spec: unknown, annotations = {}) {
  const plural = kind === 'Ingress' ? 'ingresses' : 'networkpolicies'
  const path = `/apis/networking.k8s.io/v1/namespaces/${within.namespace}/${plural}`
  const body = { apiVersion: 'networking.k8s.io/v1', kind, metadata: { name: 'made', annotations }, spec }
  try {
    const asked = { method: 'POST' as const, path, query: { dryRun: 'All' }, body, as: within.owner }
    await request(fixture.broker, asked, z.unknown())
    return 'allowed'
  } catch (error) {
    if (error instanceof ApiServerError && error.statusMessage.includes('no params found'))
      return 'Spaceport’s policy is missing'
    return isAppError(error) ? error.code : String(error)
  }
}

const leadTo = (peers: readonly unknown[], within = space) =>
  make(within, 'NetworkPolicy', { podSelector: {}, policyTypes: ['Egress'], egress: [{ to: peers }] })
const block = (cidr: string, ...except: string[]) => ({ ipBlock: { cidr, except } })
const everywhere = [
  block('0.0.0.0/0', ...metadataRanges.ipv4, ...denied.ipv4),
  block('::/0', ...metadataRanges.ipv6, ...denied.ipv6),
]

test.each<[string, unknown[]]>([
  ['ranges that aren’t denied', [block('192.0.2.8/32'), block('2001:db8::/32')]],
  ['all addresses except the denied ones', everywhere],
  ['a range around a denied one, except the denied one', [block('192.0.2.0/24', '192.0.2.0/29')]],
  ['pods', [{ podSelector: {} }]],
  ['another namespace', [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'other' } } }]],
])('a network policy may allow traffic to %s', async (_what, peers) => {
  await vi.waitFor(async () => expect(await leadTo(peers)).toBe('allowed'), soon)
})

test.each<[string, unknown[]]>([
  ['a denied range', [block('10.0.0.0/8')]],
  ['a part of a denied range', [block('10.1.2.3/32')]],
  ['a part of a denied range, except a part of that', [block('10.0.0.0/16', '10.0.0.0/17')]],
  ['a range around a denied one', [block('192.0.2.0/24')]],
  ['a range around a denied one, except a part of it', [block('8.0.0.0/5', '10.0.0.0/9')]],
  ['a part of the last denied range', [block('172.17.0.0/16')]],
  ['a denied range in capitals', [block('fd13:1::/32')]],
  ['a denied range in dotted notation', [block('64:ff9b::a01:0/112')]],
  ['a denied IPv6 range', [block('fd12:3::/32')]],
  ['a range around the denied IPv6 range', [block('fd00::/8', 'fd00:ec2::/32', 'fd20:ce::/64', 'fd00:c1::/64')]],
  ['a denied range through the second peer', [{ podSelector: {} }, block('10.1.0.0/16')]],
  ['all addresses except metadata', [block('0.0.0.0/0', ...metadataRanges.ipv4)]],
])('a network policy can’t allow traffic to %s', async (_what, peers) => {
  await vi.waitFor(async () => expect(await leadTo(peers)).toBe('forbidden'), soon)
})

test('the operator’s DNS peers are allowed by the space’s own policy and no other', async () => {
  const { spec } = await request(
    fixture.broker,
    {
      method: 'GET',
      path: `/apis/networking.k8s.io/v1/namespaces/${space.namespace}/networkpolicies/spaceport-isolation`,
      as: space.owner,
    },
    z.looseObject({ spec: z.looseObject({ egress: z.array(z.unknown()) }) }),
  )
  const dns = (port: number) => ['UDP', 'TCP'].map((protocol) => ({ protocol, port }))
  const ports = dns(53)
  const inNamespace = (name: string) => ({
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } },
  })
  expect(spec.egress).toEqual(
    expect.arrayContaining([
      { ports, to: [inNamespace('kube-system')] },
      { ports, to: [{ ipBlock: { cidr: '169.254.20.10/32' } }] },
      { ports, to: [{ ipBlock: { cidr: 'fd00:ec2::253/128' } }] },
      { ports: dns(5353), to: [inNamespace('openshift-dns')] },
    ]),
  )
  const asMember = (rule: unknown) => make(space, 'NetworkPolicy', { podSelector: {}, egress: [rule] })
  expect(await asMember({ ports, to: [block('169.254.20.10/32')] })).toBe('forbidden')
  expect(await asMember({ ports: dns(5353), to: [inNamespace('openshift-dns')] })).toBe('forbidden')
})

test.each([
  ['a node’s credentials', { ports: [{ port: 80 }], to: [block('169.254.169.254/32')] }],
  ['a node’s credentials on several ports', { ports: [{ port: 53 }, { port: 80 }], to: [block('169.254.169.254/32')] }],
  [
    'a node’s credentials on a range of ports',
    { ports: [{ port: 53, endPort: 80 }], to: [block('169.254.169.254/32')] },
  ],
  ['a node’s credentials on a named port', { ports: [{ port: 'dns' }], to: [block('169.254.169.254/32')] }],
  ['everything on all ports', { to: [] }],
])('not even Spaceport’s own policy may allow traffic to %s', async (_what, rule) => {
  const path = `/apis/networking.k8s.io/v1/namespaces/${space.namespace}/networkpolicies/spaceport-isolation`
  const patch = {
    method: 'PATCH' as const,
    path,
    query: { dryRun: 'All' },
    contentType: 'application/merge-patch+json',
  }
  const changed = request(fixture.broker, { ...patch, body: { spec: { egress: [rule] } } }, z.unknown())
  await expect(changed).rejects.toMatchObject({
    statusMessage: expect.stringContaining('keep the credentials of nodes'),
  })
})

test('a policy’s second rule can’t allow traffic to a denied range either', async () => {
  const egress = [{ to: [{ podSelector: {} }] }, { ports: [{ port: 443 }], to: [block('10.0.0.1/32')] }]
  expect(await make(space, 'NetworkPolicy', { podSelector: {}, egress })).toBe('forbidden')
})

const host = (name: string, more: Record<string, unknown> = {}) => ({ rules: [{ host: name }], ...more })

test.each<[string, (own: string) => unknown]>([
  ['the space’s name before the suffix', (own) => host(`${own}.apps.example.com`)],
  ['the space’s name before another suffix', (own) => host(`${own}.lab.example.org`)],
  ['a name below the space’s own', (own) => host(`a.b.${own}.apps.example.com`)],
  ['all names below the space’s own', (own) => host(`*.${own}.apps.example.com`)],
  [
    'several hosts, with certificates',
    (own) => ({
      rules: [{ host: `${own}.apps.example.com` }, { host: `a.${own}.apps.example.com` }],
      tls: [{ hosts: [`${own}.apps.example.com`, `*.${own}.apps.example.com`], secretName: 's' }],
    }),
  ],
])('an Ingress may have %s', async (_what, spec) => {
  await vi.waitFor(async () => expect(await make(space, 'Ingress', spec(space.namespace))).toBe('allowed'), soon)
})

test.each<[string, (own: string) => unknown]>([
  ['the space’s name before another domain', (own) => host(`${own}.example.com`)],
  ['another space’s name', () => host('other.apps.example.com')],
  ['a name with the same ending', (own) => host(`x${own}.apps.example.com`)],
  ['a name with the same ending, with a hyphen', (own) => host(`x-${own}.apps.example.com`)],
  ['a name below another space’s', (own) => host(`${own}.other.apps.example.com`)],
  ['a suffix with another character in place of its dot', (own) => host(`${own}.appsxexample.com`)],
  ['a name that continues after the suffix', (own) => host(`${own}.apps.example.com.evil.example`)],
  ['the suffix itself', () => host('apps.example.com')],
  ['all names below the suffix', () => host('*.apps.example.com')],
  [
    'a certificate of another host',
    (own) => host(`${own}.apps.example.com`, { tls: [{ hosts: ['x.apps.example.com'] }] }),
  ],
])('an Ingress can’t have %s', async (_what, spec) => {
  await vi.waitFor(async () => expect(await make(space, 'Ingress', spec(space.namespace))).toBe('forbidden'), soon)
})

test('hosts in annotations follow the same rules', async () => {
  const own = `${space.namespace}.apps.example.com`
  const alias = (value: string) =>
    make(space, 'Ingress', host(own), { 'nginx.ingress.kubernetes.io/server-alias': value })
  await vi.waitFor(async () => expect(await alias(`a.${own}, b.${own}`)).toBe('allowed'), soon)
  for (const value of [
    `a.${own},shop.example.com`,
    `shop.example.com ${own}`,
    `shop.example.com;\nx.${own}`,
    `~.${own}`,
  ])
    expect(await alias(value)).toBe('forbidden')
})

test('a space may use a host that the operator assigned to it; other spaces and similar hosts are refused', async () => {
  const namespace = `/api/v1/namespaces/${space.namespace}`
  const give = (hosts: string) => ({
    method: 'PATCH' as const,
    path: namespace,
    contentType: 'application/merge-patch+json',
    body: { metadata: { annotations: { 'spaceport.dev/ingress-hosts': hosts } } },
  })
  const shop = host('shop.example.com', { tls: [{ hosts: ['shop.example.com'], secretName: 's' }] })
  expect(await make(space, 'Ingress', shop)).toBe('forbidden')
  const asOwner = { ...give('shop.example.com'), as: space.owner }
  await expect(request(fixture.broker, asOwner, z.unknown())).rejects.toMatchObject({ code: 'forbidden' })
  await request(fixture.admin, give('www.example.com, shop.example.com'), z.unknown())
  await vi.waitFor(async () => expect(await make(space, 'Ingress', shop)).toBe('allowed'), soon)
  expect(await make(unguarded, 'Ingress', shop)).toBe('forbidden')
  for (const other of ['a.shop.example.com', '*.shop.example.com', 'example.com', ''])
    expect(await make(space, 'Ingress', host(other))).toBe('forbidden')
  expect(await make(space, 'Ingress', host(`${space.namespace}.apps.example.com`))).toBe('allowed')
})

test.each([
  ['Ingress', 'ingresses', { rules: [{ host: 'shop.example.net' }] }, { rules: [{ host: 'login.example.net' }] }],
  [
    'NetworkPolicy',
    'networkpolicies',
    { podSelector: {}, egress: [{ to: [block('10.1.0.0/16')] }, { to: [{ namespaceSelector: {} }] }] },
    { egress: [{ to: [block('10.2.0.0/16')] }] },
  ],
])(
  'an older %s that is being deleted may lose its finalizer and can’t change otherwise',
  async (kind, plural, before, after) => {
    const path = `/apis/networking.k8s.io/v1/namespaces/${unguarded.namespace}/${plural}`
    const metadata = { name: 'before', finalizers: ['example.com/hold'] }
    const body = { apiVersion: 'networking.k8s.io/v1', kind, metadata, spec: before }
    const change = (patch: unknown) => ({
      method: 'PATCH' as const,
      path: `${path}/before`,
      contentType: 'application/merge-patch+json',
      body: patch,
      as: unguarded.owner,
    })
    await request(fixture.admin, { method: 'POST', path, body }, z.unknown())
    const labelled = change({ metadata: { labels: { a: 'b' } } })
    await expect(request(fixture.broker, labelled, z.unknown())).rejects.toMatchObject({ code: 'forbidden' })
    await request(fixture.admin, { method: 'DELETE', path: `${path}/before` }, z.unknown())
    const changed = change({ metadata: { finalizers: null }, spec: after })
    await expect(request(fixture.broker, changed, z.unknown())).rejects.toMatchObject({ code: 'forbidden' })
    await request(fixture.broker, change({ metadata: { finalizers: null } }), z.unknown())
  },
)

test('without the space’s own policy, no one can add another', async () => {
  await vi.waitFor(async () => expect(await leadTo(everywhere, unguarded)).toBe('allowed'), soon)
  const collection = `/apis/networking.k8s.io/v1/namespaces/${unguarded.namespace}/networkpolicies`
  const held = {
    ...{ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', spec: { podSelector: {} } },
    metadata: { name: 'held', finalizers: ['example.com/hold'] },
  }
  const asked = { method: 'POST' as const, path: collection, body: held, as: unguarded.owner }
  await request(fixture.broker, asked, z.unknown())
  const isolation = { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', name: 'spaceport-isolation' }
  await deleteObject(fixture.broker, { ...isolation, namespace: unguarded.namespace })
  await vi.waitFor(
    async () => expect(await leadTo([{ podSelector: {} }], unguarded)).toBe('Spaceport’s policy is missing'),
    soon,
  )
  // So that a namespace that is being deleted can go.
  const path = `${collection}/held`
  const body = { metadata: { finalizers: null } }
  const release = { method: 'PATCH' as const, path, contentType: 'application/merge-patch+json', body }
  await request(fixture.broker, { ...release, as: unguarded.owner }, z.unknown())
})
