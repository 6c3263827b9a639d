import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { openClusterFixture } from '#dev/testing/fixtures/cluster-fixture.ts'
import { metadataRanges } from '#lib/kernel/model/spaces/metadata-ranges.ts'
import { type KubeRequest, request } from '#lib/kube/client/request.ts'

/** What the highest role in a space can and can't do there, by the real API server. */
const fixture = openClusterFixture()
let space: Awaited<ReturnType<typeof fixture.makeSpace>>
beforeAll(async () => {
  space = await fixture.makeSpace()
  // The API server learns a moment later of the space’s isolation, which it uses to check other policies.
  await vi.waitFor(async () => expect(await ask(policy([]))).toBe('allowed'), 30_000)
})
afterAll(() => fixture.close())

type Ask = (namespace: string) => Omit<KubeRequest, 'as'>
const rbac = (namespace: string) => `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}`
const policies = (namespace: string) => `/apis/networking.k8s.io/v1/namespaces/${namespace}/networkpolicies`
const own = (namespace: string) => ({ kind: 'ServiceAccount', name: 'default', namespace })
const person = { kind: 'ServiceAccount', name: 'bob-123abc', namespace: 'spaceport-users' }
const user = { apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'bob' }
const group = { ...user, kind: 'Group', name: 'system:authenticated' }
const merge = (path: string, body: unknown): Omit<KubeRequest, 'as'> => ({
  method: 'PATCH',
  path,
  contentType: 'application/merge-patch+json',
  body,
})
const ours = { labels: { 'spaceport.dev/managed-by': 'spaceport' } }

/**
 * Creates an object, as a dry run.
 * @param path of its collection, with `{namespace}` for the space's
 */
const make =
  (path: string, body: Body | ((namespace: string) => Body)): Ask =>
  (namespace) => ({
    method: 'POST',
    path: path.replace('{namespace}', namespace),
    query: { dryRun: 'All' },
    body: typeof body === 'function' ? body(namespace) : body,
  })
type Body = Record<string, unknown>

const bind = (metadata: Body, subject: (namespace: string) => Record<string, string>, role = 'spaceport:viewer'): Ask =>
  make(`${rbac('{namespace}')}/rolebindings`, (namespace) => ({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata,
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role },
    subjects: [subject(namespace)],
  }))
const role = (apiGroup: string, resource: string, verb: string): Ask =>
  make(`${rbac('{namespace}')}/roles`, {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'Role',
    metadata: { name: 'made' },
    rules: [{ apiGroups: [apiGroup], resources: [resource], verbs: [verb] }],
  })
const secret = (body: Body): Ask =>
  make('/api/v1/namespaces/{namespace}/secrets', { apiVersion: 'v1', kind: 'Secret', ...body })
const service = (spec: Body): Ask =>
  make('/api/v1/namespaces/{namespace}/services', {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 's' },
    spec: { ports: [{ port: 53 }], ...spec },
  })
const pod = (spec: Body): Ask =>
  make('/api/v1/namespaces/{namespace}/pods', {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p' },
    spec: { containers: [{ name: 'c', image: 'i' }], ...spec },
  })

const networkPolicy = (spec: Body): Ask =>
  make(policies('{namespace}'), {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'made' },
    spec: { podSelector: {}, ...spec },
  })
const policy = (egress: readonly unknown[]): Ask =>
  networkPolicy({ policyTypes: ['Ingress', 'Egress'], ingress: [{}], egress })
const from = (peers: readonly unknown[]): Ask => networkPolicy({ ingress: [{ from: peers }] })
const dns = [
  { protocol: 'UDP', port: 53 },
  { protocol: 'TCP', port: 53 },
]
const named = (name: string) => ({ matchLabels: { 'kubernetes.io/metadata.name': name } })
const byName = (operator: string, ...values: string[]) => ({
  matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator, ...(values.length > 0 && { values }) }],
})
const toNamespaces = (namespaceSelector: Body) => policy([{ to: [{ namespaceSelector }] }])
const toAddresses = (cidr: string, ...except: string[]) => policy([{ to: [{ ipBlock: { cidr, except } }] }])

const backend = { service: { name: 's', port: { number: 80 } } }
const ingress = (spec: (namespace: string) => Body): Ask =>
  make('/apis/networking.k8s.io/v1/namespaces/{namespace}/ingresses', (namespace) => ({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name: 'made' },
    spec: spec(namespace),
  }))

const ask = (what: Ask) => space.tryAsOwner(what(space.namespace))

test.each<[string, Ask]>([
  ['bind a ServiceAccount of the space', bind({ name: 'own' }, own)],
  ['create a Role with rights that they have themselves', role('', 'pods', 'get')],
  ['keep a secret', secret({ metadata: { name: 'kept' } })],
  ['open a service', service({})],
  ['run a pod', pod({})],
  ['alias a service to an outside name', service({ type: 'ExternalName', externalName: 'db.example.com' })],
  ['let traffic in', policy([])],
  ['let traffic out to pods', policy([{ to: [{ podSelector: {} }, { podSelector: { matchLabels: { a: 'b' } } }] }])],
  ['let no traffic out', policy([])],
  ['use DNS anywhere', policy([{ ports: dns, to: [{ namespaceSelector: {} }] }])],
  ['use DNS in kube-system', policy([{ ports: dns, to: [{ namespaceSelector: named('kube-system') }] }])],
  ['let traffic out to a namespace by its name', toNamespaces(named('other'))],
  ['let traffic out to a namespace with a name that only looks like the platform’s', toNamespaces(named('my-kube-x'))],
  [
    'let traffic out to a namespace by its name and a label',
    toNamespaces({ matchLabels: { team: 'a', ...named('other').matchLabels } }),
  ],
  ['let traffic out to namespaces by their names', toNamespaces(byName('In', 'one', 'two'))],
  [
    'let traffic out to a port of a namespace',
    policy([{ ports: [{ port: 80 }], to: [{ namespaceSelector: named('other') }] }]),
  ],
  [
    'let traffic out to some pods of a namespace',
    policy([{ to: [{ namespaceSelector: named('other'), podSelector: { matchLabels: { a: 'b' } } }] }]),
  ],
  ['let traffic out to a space', toNamespaces({ matchLabels: { 'spaceport.dev/space': 'other' } })],
  [
    'let traffic out to all spaces',
    toNamespaces({ matchExpressions: [{ key: 'spaceport.dev/managed-by', operator: 'Exists' }] }),
  ],
  ['let traffic in from everywhere', from([{ namespaceSelector: {} }])],
  ['have a host that begins with the space’s name', ingress((n) => ({ rules: [{ host: `${n}.example.com` }] }))],
  [
    'have several hosts, with certificates',
    ingress((n) => ({
      rules: [{ host: `${n}.example.com` }, { host: `${n}.example.org` }],
      tls: [{ hosts: [`${n}.example.com`, `${n}.example.org`], secretName: 's' }],
    })),
  ],
  ['let traffic out to addresses', toAddresses('192.0.2.0/24')],
  ['let traffic out to all addresses except the metadata ones', toAddresses('0.0.0.0/0', ...metadataRanges.ipv4)],
  ['let traffic out to all IPv6 addresses except the metadata ones', toAddresses('::/0', ...metadataRanges.ipv6)],
  ...[...metadataRanges.ipv4, ...metadataRanges.ipv6].map((range): [string, Ask] => [
    `let traffic out beside ${range}`,
    toAddresses(range.includes(':') ? '2001:db8::/32' : '192.0.2.0/24'),
  ]),
  [
    'use the node’s disk within bounds',
    pod({ containers: [{ name: 'c', image: 'i', resources: { limits: { 'ephemeral-storage': '10Gi' } } }] }),
  ],
  ['run a pod that tolerates a taint of a pool', pod({ tolerations: [{ key: 'pool', operator: 'Exists' }] })],
  ['run a pod that prefers some nodes', pod({ nodeSelector: { pool: 'a' } })],
  [
    'probe its own pod',
    pod({
      containers: [
        {
          name: 'c',
          image: 'i',
          livenessProbe: { httpGet: { port: 80 } },
          lifecycle: { preStop: { exec: { command: ['true'] } } },
        },
      ],
    }),
  ],
  [
    'alias a service to an outside name that only looks like the cluster’s',
    service({ type: 'ExternalName', externalName: 'svc.example.com' }),
  ],
  [
    'alias a service to an outside name with a part that only looks like the cluster’s',
    service({ type: 'ExternalName', externalName: 'api.svc.example.com' }),
  ],
])('a space admin can %s', async (_what, asked) => {
  expect(await ask(asked)).toBe('allowed')
})

test.each<[string, Ask]>([
  ['bind a person', bind({ name: 'x' }, () => person)],
  ['bind a user', bind({ name: 'x' }, () => user)],
  ['bind a group', bind({ name: 'x' }, () => group)],
  ['bind cluster-admin', bind({ name: 'x' }, own, 'cluster-admin')],
  ['create a binding that looks like ours', bind({ name: 'x', ...ours }, own)],
  ['create a binding with one of our names', bind({ name: 'spaceport:editor' }, own)],
  ['create a binding with a generated name like Spaceport’s', bind({ generateName: 'spaceport:' }, own)],
  ['use the name of the fence proof', bind({ name: 'spaceport-fence-proof' }, () => person)],
  [
    'remove our label from our binding',
    (n) =>
      merge(`${rbac(n)}/rolebindings/spaceport:admin`, { metadata: { labels: { 'spaceport.dev/managed-by': null } } }),
  ],
  ['add a subject to our binding', (n) => merge(`${rbac(n)}/rolebindings/spaceport:admin`, { subjects: [own(n)] })],
  ['delete our binding', (n) => ({ method: 'DELETE', path: `${rbac(n)}/rolebindings/spaceport:admin` })],
  ['delete all bindings', (n) => ({ method: 'DELETE', path: `${rbac(n)}/rolebindings` })],
  [
    'change our network policy',
    (n) => merge(`${policies(n)}/spaceport-isolation`, { spec: { podSelector: { matchLabels: { a: 'b' } } } }),
  ],
  ['delete our network policy', (n) => ({ method: 'DELETE', path: `${policies(n)}/spaceport-isolation` })],
  ['delete all network policies', (n) => ({ method: 'DELETE', path: policies(n) })],
  ['delete our quota', (n) => ({ method: 'DELETE', path: `/api/v1/namespaces/${n}/resourcequotas/spaceport` })],
  [
    'lower the pod security level',
    (n) =>
      merge(`/api/v1/namespaces/${n}`, {
        metadata: { labels: { 'pod-security.kubernetes.io/enforce': 'privileged' } },
      }),
  ],
  ['create a Role that may impersonate', role('', 'serviceaccounts', 'impersonate')],
  ['create a Role that may create tokens', role('', 'serviceaccounts/token', 'create')],
  ['create a Role that bypasses the fences', role('spaceport.dev', 'fences', 'override')],
  [
    'issue a token',
    (n) => ({
      method: 'POST',
      path: `/api/v1/namespaces/${n}/serviceaccounts/default/token`,
      body: { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} },
    }),
  ],
  [
    'create a token that never expires',
    secret({
      type: 'kubernetes.io/service-account-token',
      metadata: { name: 't', annotations: { 'kubernetes.io/service-account.name': 'default' } },
    }),
  ],
  ['open a port on the nodes', service({ type: 'NodePort' })],
  ['open a load balancer', service({ type: 'LoadBalancer' })],
  [
    'open a load balancer without a port on the nodes',
    service({ type: 'LoadBalancer', allocateLoadBalancerNodePorts: false }),
  ],
  ['let traffic out to anywhere', policy([{}])],
  ['let traffic out to a port anywhere', policy([{ ports: [{ port: 80 }] }])],
  ['let traffic out to anywhere, among other rules', policy([{ to: [{ podSelector: {} }] }, { to: [] }])],
  ['let traffic out to all addresses', toAddresses('0.0.0.0/0')],
  ['let traffic out to all addresses except some of the metadata ones', toAddresses('0.0.0.0/0', '169.254.169.254/32')],
  ['let traffic out to a range around metadata', toAddresses('169.0.0.0/8')],
  ['let traffic out to metadata', toAddresses('169.254.169.254/32')],
  ['let traffic out to metadata over IPv6', toAddresses('fd00:ec2::254/128')],
  ['let traffic out to link-local addresses over IPv6', toAddresses('::/0', 'fd00:ec2::254/128')],
  ...[...metadataRanges.ipv4, ...metadataRanges.ipv6].flatMap((range): [string, Ask][] => {
    const family = range.includes(':') ? metadataRanges.ipv6 : metadataRanges.ipv4
    const others = family.filter((other) => other !== range)
    return [
      [`let traffic out to ${range}`, toAddresses(range)],
      [
        `let traffic out to all but others than ${range}`,
        toAddresses(range.includes(':') ? '::/0' : '0.0.0.0/0', ...others),
      ],
    ]
  }),
  ...[
    ...['kube-system', 'kube-public', 'spaceport-system', 'spaceport-users', 'cert-system', 'openshift-ingress'],
    ...['argocd', 'monitoring', 'vault', 'default', 'istio-ingress'],
  ].flatMap((name): [string, Ask][] => [
    [`let traffic out to ${name}`, toNamespaces(named(name))],
    [
      `let traffic out to some pods of ${name}`,
      policy([{ to: [{ namespaceSelector: named(name), podSelector: {} }] }]),
    ],
    [
      `let traffic out to a port of ${name}`,
      policy([{ ports: [{ port: 443 }], to: [{ namespaceSelector: named(name) }] }]),
    ],
    [
      `let traffic out to ${name} by a label too`,
      toNamespaces({ matchLabels: { a: 'b', ...named(name).matchLabels } }),
    ],
    [`let traffic out to ${name} among others`, toNamespaces(byName('In', 'other', name))],
  ]),
  ['let traffic out to all namespaces', toNamespaces({})],
  [
    'let traffic out to all namespaces, among other peers',
    policy([{ to: [{ podSelector: {} }, { namespaceSelector: {} }] }]),
  ],
  [
    'let traffic out to all namespaces, among other rules',
    policy([{ to: [{ podSelector: {} }] }, { to: [{ namespaceSelector: {} }] }]),
  ],
  [
    'let traffic out to some pods of all namespaces',
    policy([{ to: [{ namespaceSelector: {}, podSelector: { matchLabels: { a: 'b' } } }] }]),
  ],
  [
    'let traffic out to namespaces by a label that any namespace may have',
    toNamespaces({ matchLabels: { team: 'a' } }),
  ],
  ['let traffic out to all namespaces except some', toNamespaces(byName('NotIn', 'kube-system', 'spaceport-system'))],
  ['let traffic out to all namespaces with a name', toNamespaces(byName('Exists'))],
  [
    'let traffic out to all namespaces that aren’t spaces',
    toNamespaces({ matchExpressions: [{ key: 'spaceport.dev/managed-by', operator: 'DoesNotExist' }] }),
  ],
  [
    'let traffic out to all namespaces except one space',
    toNamespaces({ matchExpressions: [{ key: 'spaceport.dev/space', operator: 'NotIn', values: ['a'] }] }),
  ],
  ...[
    [{ port: 54 }],
    [...dns, { port: 443 }],
    [{ port: 53, endPort: 65_535 }],
    [{ port: 'dns' }],
    [{ protocol: 'TCP' }],
    [],
  ].map((ports): [string, Ask] => [
    `let traffic out to kube-system by ${JSON.stringify(ports)}`,
    policy([{ ports, to: [{ namespaceSelector: named('kube-system') }] }]),
  ]),
  ...(
    [
      ['another host', () => ({ rules: [{ host: 'shop.example.com' }] })],
      ['a host of a space with a similar name', (n) => ({ rules: [{ host: `${n}-b.example.com` }] })],
      ['a host below another name', (n) => ({ rules: [{ host: `a.${n}.example.com` }] })],
      ['all hosts below the space’s name', (n) => ({ rules: [{ host: `*.${n}.example.com` }] })],
      ['any host', () => ({ rules: [{ http: { paths: [{ path: '/', pathType: 'Prefix', backend }] } }] })],
      [
        'an empty host',
        () => ({ rules: [{ host: '', http: { paths: [{ path: '/', pathType: 'Prefix', backend }] } }] }),
      ],
      ['another host among its own', (n) => ({ rules: [{ host: `${n}.example.com` }, { host: 'shop.example.com' }] })],
      ['all requests that match no other rule', () => ({ defaultBackend: backend })],
      ['hosts beside its own', (n) => ({ rules: [{ host: `${n}.example.com` }], defaultBackend: backend })],
      [
        'the certificate of another host',
        (n) => ({ rules: [{ host: `${n}.example.com` }], tls: [{ hosts: ['shop.example.com'], secretName: 's' }] }),
      ],
      ['the certificate of any host', (n) => ({ rules: [{ host: `${n}.example.com` }], tls: [{ secretName: 's' }] })],
    ] as [string, (n: string) => Record<string, unknown>][]
  ).map(([what, spec]): [string, Ask] => [`have an Ingress take ${what}`, ingress(spec)]),
  [
    'fill a node’s disk',
    pod({ containers: [{ name: 'c', image: 'i', resources: { limits: { 'ephemeral-storage': '11Gi' } } }] }),
  ],
  ['put a pod onto a named node', pod({ nodeName: 'control-plane' })],
  [
    'run a pod beside the control plane',
    pod({ tolerations: [{ key: 'node-role.kubernetes.io/control-plane', operator: 'Exists' }] }),
  ],
  [
    'run a pod beside the old control plane',
    pod({ tolerations: [{ key: 'node-role.kubernetes.io/master', effect: 'NoSchedule' }] }),
  ],
  ['run a pod among the cluster’s add-ons', pod({ tolerations: [{ key: 'CriticalAddonsOnly', operator: 'Exists' }] })],
  ['run a pod on any node', pod({ tolerations: [{ operator: 'Exists' }] })],
  ['run a pod in another runtime', pod({ runtimeClassName: 'spaceport-fence-proof' })],
  [
    'probe the node',
    pod({ containers: [{ name: 'c', image: 'i', livenessProbe: { httpGet: { port: 80, host: '127.0.0.1' } } }] }),
  ],
  ...[
    'a.default.svc',
    'a.default.svc.cluster.local',
    'kubernetes.default.svc.cluster.local.',
    'kubernetes.default.svc.k8s.example.com',
    'db-0.db.default.svc.k8s.example.com',
    '10-0-0-1.default.pod.k8s.example.com',
    'metadata.google.internal',
    'localhost',
    'single',
    '169.254.169.254',
  ].map((externalName): [string, Ask] => [
    `alias a service to ${externalName}`,
    service({ type: 'ExternalName', externalName }),
  ]),
  ['attract traffic to an address that isn’t theirs', service({ externalIPs: ['192.0.2.1'] })],
  ['preempt other spaces’ pods', pod({ priorityClassName: 'system-node-critical' })],
  ['preempt other spaces’ pods by a number', pod({ priority: 2_000_000_000 })],
  ['run a pod in the node’s network', pod({ hostNetwork: true })],
  ['run a pod among the node’s processes', pod({ hostPID: true })],
  ['mount the node’s files', pod({ volumes: [{ name: 'v', hostPath: { path: '/' } }] })],
  ['run a privileged pod', pod({ containers: [{ name: 'c', image: 'i', securityContext: { privileged: true } }] })],
  [
    'prepare a pod with a privileged container',
    pod({ initContainers: [{ name: 'i', image: 'i', securityContext: { privileged: true } }] }),
  ],
  ['run a pod without seccomp', pod({ securityContext: { seccompProfile: { type: 'Unconfined' } } })],
  [
    'take a port of the node',
    pod({ containers: [{ name: 'c', image: 'i', ports: [{ containerPort: 1, hostPort: 1 }] }] }),
  ],
  ['run as a ServiceAccount from elsewhere', pod({ serviceAccountName: 'spaceport-broker' })],
  ['create a Role with all rights', role('*', '*', '*')],
  ['create a Role with all verbs on pods', role('', 'pods', '*')],
  ['create a Role that may escalate', role('rbac.authorization.k8s.io', 'roles', 'escalate')],
  ['create a Role that may bind any other', role('rbac.authorization.k8s.io', 'clusterroles', 'bind')],
  ['create a Role that may use the API server as a proxy', role('', 'pods/proxy', 'get')],
  ['create a Role that may redirect services', role('discovery.k8s.io', 'endpointslices', 'create')],
  ['bind the broker’s role', bind({ name: 'x' }, own, 'spaceport:broker')],
  ['bind the cluster’s admin role', bind({ name: 'x' }, own, 'admin')],
  ['bind a ServiceAccount of another namespace', bind({ name: 'x' }, () => own('default'))],
  [
    'bind all ServiceAccounts of the space as a group',
    bind({ name: 'x' }, (n) => ({ ...group, name: `system:serviceaccounts:${n}` })),
  ],
  [
    'put a finalizer onto our network policy',
    (n) => merge(`${policies(n)}/spaceport-isolation`, { metadata: { finalizers: ['example.com/hold'] } }),
  ],
  [
    'get our network policy garbage-collected',
    (n) =>
      merge(`${policies(n)}/spaceport-isolation`, {
        metadata: { ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: 'p', uid: 'x' }] },
      }),
  ],
  [
    'take over our network policy by applying it under our name',
    (n) => ({
      method: 'PATCH',
      path: `${policies(n)}/spaceport-isolation`,
      query: { fieldManager: 'spaceport', force: 'true', dryRun: 'All' },
      contentType: 'application/apply-patch+yaml',
      body: {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata: { name: 'spaceport-isolation' },
        spec: { podSelector: { matchLabels: { a: 'b' } } },
      },
    }),
  ],
  [
    'put a pod onto a node',
    make('/api/v1/namespaces/{namespace}/bindings', {
      apiVersion: 'v1',
      kind: 'Binding',
      metadata: { name: 'p' },
      target: { kind: 'Node', name: 'n' },
    }),
  ],
  [
    'redirect a service',
    make('/api/v1/namespaces/{namespace}/endpoints', { apiVersion: 'v1', kind: 'Endpoints', metadata: { name: 'e' } }),
  ],
  [
    'redirect a service by slices',
    make('/apis/discovery.k8s.io/v1/namespaces/{namespace}/endpointslices', {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { name: 'e' },
      addressType: 'IPv4',
      endpoints: [],
    }),
  ],
  [
    'query other people’s rights',
    make('/apis/authorization.k8s.io/v1/namespaces/{namespace}/localsubjectaccessreviews', {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'LocalSubjectAccessReview',
      spec: { user: 'x' },
    }),
  ],
  [
    'request a certificate',
    make('/apis/certificates.k8s.io/v1/certificatesigningrequests', {
      apiVersion: 'certificates.k8s.io/v1',
      kind: 'CertificateSigningRequest',
      metadata: { name: 'c' },
      spec: { request: 'YQ==', signerName: 'kubernetes.io/kube-apiserver-client', usages: ['client auth'] },
    }),
  ],
])('a space admin can’t %s', async (_what, asked) => {
  // A policy takes effect within a second of being written; these are dry runs.
  await vi.waitFor(async () => expect(await ask(asked)).toBe('forbidden'), { timeout: 30_000, interval: 100 })
})

test('outside of spaces the fences don’t restrict bindings', async () => {
  const elsewhere = bind({ name: 'somebody' }, () => user, 'view')('default')
  await expect(request(fixture.admin, elsewhere, z.unknown())).resolves.toBeDefined()
})
