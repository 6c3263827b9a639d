import { labels, proofNamespace, usersNamespace } from '#lib/kernel/model/spaces/cluster-names.ts'
import { metadataRanges } from '#lib/kernel/model/spaces/metadata-ranges.ts'
import type { AsPerson, KubeRequest } from '#lib/kube/client/request.ts'
import { onlyCreated } from '#lib/kube/objects/apply-object.ts'

/** One rule (sentence) of an admission policy, and a request that only this rule refuses. */
export type FenceProof = { policy: string; sentence: string; asked: KubeRequest }

/**
 * A request that an admission plugin of the API server must refuse: `sentence` in our words, `refusal` a part of its
 * own.
 */
export type PluginProof = FenceProof & { refusal: string }

const name = 'spaceport-fence-proof'
/** Looks like a person without being one: deploy/cluster-chart/templates/70-fence-proof.yaml defines its rights. */
const fakePerson: AsPerson = { handle: name, email: name }
const ours = { [labels.managedBy]: 'spaceport', [labels.spaceId]: name, [labels.space]: name }
const marks = { ...ours, 'pod-security.kubernetes.io/enforce': 'baseline' }
const dryRun = { dryRun: 'All' }

const post = (path: string, body: unknown): KubeRequest => ({ method: 'POST', path, query: dryRun, body })
const merge = (path: string, body: unknown): KubeRequest => ({
  method: 'PATCH',
  path,
  query: dryRun,
  contentType: 'application/merge-patch+json',
  body,
})
const core = (namespace: string, resource: string) => `/api/v1/namespaces/${namespace}/${resource}`
const policies = `/apis/networking.k8s.io/v1/namespaces/${proofNamespace}/networkpolicies`
const ingresses = `/apis/networking.k8s.io/v1/namespaces/${proofNamespace}/ingresses`
const bindings = `/apis/rbac.authorization.k8s.io/v1/namespaces/${proofNamespace}/rolebindings`

const namespace = (called: string, marked: Record<string, string>) => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name: called, labels: marked },
})
const person = (changed: Record<string, unknown>) => ({
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  metadata: { name },
  automountServiceAccountToken: false,
  ...changed,
})
const networkPolicy = (egress: unknown[], marked: Record<string, string> = {}) => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name, labels: marked },
  spec: { podSelector: {}, policyTypes: ['Egress'], egress },
})
const binding = (
  called: string,
  kind: string,
  role: string,
  subjects: unknown[],
  marked: Record<string, string> = {},
) => ({
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'RoleBinding',
  metadata: { name: called, labels: marked },
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind, name: role },
  subjects,
})
const service = (spec: Record<string, unknown>, annotations: Record<string, string> = {}) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, annotations },
  spec: { ports: [{ port: 80 }], ...spec },
})
const ingress = (host: string, annotations: Record<string, string> = {}) => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'Ingress',
  metadata: { name, annotations },
  spec: { rules: [{ host }] },
})
const pod = (spec: Record<string, unknown>) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name },
  spec: { containers: [{ name: 'c', image: 'c' }], ...spec },
})

const ofTheBroker: readonly [sentence: string, asked: KubeRequest][] = [
  [
    'The broker may not write objects of this kind.',
    post(`/apis/coordination.k8s.io/v1/namespaces/${proofNamespace}/leases`, {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { name },
    }),
  ],
  [
    "A space's namespace carries Spaceport's labels and enforces a pod security level.",
    post('/api/v1/namespaces', namespace(name, {})),
  ],
  ['This name belongs to the cluster.', post('/api/v1/namespaces', namespace('kube-fence-proof', marks))],
  [
    'This namespace is not a space; Spaceport never adopts, changes or deletes it.',
    merge(`/api/v1/namespaces/${usersNamespace}`, { metadata: { labels: marks } }),
  ],
  [
    'A namespace stays the space that it was made for.',
    merge(`/api/v1/namespaces/${proofNamespace}`, { metadata: { labels: { [labels.spaceId]: 'another' } } }),
  ],
  ['The broker writes only labelled objects, and only inside of spaces.', post(policies, networkPolicy([]))],
  [
    onlyCreated,
    // A quota of the proof namespace that Spaceport's processes didn't create
    // (deploy/cluster-chart/templates/70-fence-proof.yaml).
    merge(`${core(proofNamespace, 'resourcequotas')}/nothing`, { metadata: { labels: ours } }),
  ],
  [
    'The broker writes only people, in spaceport-users, without tokens.',
    post(
      core(usersNamespace, 'serviceaccounts'),
      person({ metadata: { name, labels: ours }, automountServiceAccountToken: true }),
    ),
  ],
  [
    'The broker binds only the roles of a space, only to people.',
    post(
      bindings,
      binding(
        'spaceport:viewer',
        'ClusterRole',
        'spaceport:viewer',
        [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name }],
        ours,
      ),
    ),
  ],
]

const ofEveryone: readonly [policy: string, sentence: string, asked: KubeRequest][] = [
  [
    'spaceport-labels',
    'Labels and annotations under spaceport.dev/ are written by Spaceport alone.',
    merge(`/api/v1/namespaces/${proofNamespace}`, { metadata: { annotations: { 'spaceport.dev/owner': name } } }),
  ],
  [
    'spaceport-labels',
    'The pod security level of a space is set by Spaceport alone.',
    merge(`/api/v1/namespaces/${proofNamespace}`, {
      metadata: { labels: { 'pod-security.kubernetes.io/enforce': 'privileged' } },
    }),
  ],
  ['spaceport-managed', 'This object belongs to Spaceport; change it there.', post(policies, networkPolicy([], ours))],
  [
    'spaceport-bindings',
    "In a space only ServiceAccounts of the same namespace can be bound. Add people on the space's Access page.",
    post(
      bindings,
      binding(name, 'Role', 'spaceport:fence-proof', [{ kind: 'ServiceAccount', name, namespace: usersNamespace }]),
    ),
  ],
  [
    'spaceport-bindings',
    "Names that begin with spaceport are Spaceport's own.",
    post(bindings, binding('spaceport:made', 'Role', 'spaceport:fence-proof', [])),
  ],
  [
    'spaceport-tokens',
    "Tokens that never expire can't be created here; a pod gets a short-lived one by itself.",
    post(core(usersNamespace, 'secrets'), {
      apiVersion: 'v1',
      kind: 'Secret',
      type: 'kubernetes.io/service-account-token',
      metadata: { name, annotations: { 'kubernetes.io/service-account.name': name } },
    }),
  ],
  [
    'spaceport-identities',
    'Only cluster admins can run or change anything here.',
    post(core(usersNamespace, 'serviceaccounts'), person({})),
  ],
  [
    'spaceport-reach',
    "A Service in a space can't have external IPs.",
    post(core(proofNamespace, 'services'), service({ externalIPs: ['192.0.2.1'] })),
  ],
  [
    'spaceport-reach',
    "A Service in a space can't open a node port or a load balancer.",
    post(core(proofNamespace, 'services'), service({ type: 'NodePort' })),
  ],
  [
    'spaceport-reach',
    "A Service in a space can't be an alias for a name inside the cluster or the cloud, or for an address; use the name itself, or a public one.",
    post(
      core(proofNamespace, 'services'),
      service({ type: 'ExternalName', externalName: 'a.default.svc.cluster.local' }),
    ),
  ],
  [
    'spaceport-pods',
    "A pod in a space can't name its node; the scheduler chooses one.",
    post(core(proofNamespace, 'pods'), pod({ nodeName: name })),
  ],
  [
    'spaceport-pods',
    "A pod in a space can't tolerate taints that keep pods off the cluster's own nodes (node-role.kubernetes.io/*, CriticalAddonsOnly), nor all taints.",
    post(core(proofNamespace, 'pods'), pod({ tolerations: [{ operator: 'Exists' }] })),
  ],
  [
    'spaceport-pods',
    'A pod in a space can only have a priority class that the operator allows.',
    post(core(proofNamespace, 'pods'), pod({ priorityClassName: 'system-node-critical' })),
  ],
  [
    'spaceport-pods',
    'A pod in a space can only have a runtime class that the operator allows.',
    post(core(proofNamespace, 'pods'), pod({ runtimeClassName: name })),
  ],
  [
    'spaceport-pods',
    "A probe or hook of a pod in a space can't name a host; it reaches its own pod only.",
    post(
      core(proofNamespace, 'pods'),
      pod({
        containers: [{ name: 'c', image: 'c', livenessProbe: { httpGet: { port: 80, host: '192.0.2.1' } } }],
      }),
    ),
  ],
  [
    'spaceport-reach',
    `A NetworkPolicy in a space must name where traffic may go, and exclude the addresses where clouds keep the credentials of nodes: from 0.0.0.0/0 except ${metadataRanges.ipv4.join(', ')}; from ::/0 except ${metadataRanges.ipv6.join(', ')}.`,
    post(policies, networkPolicy([{}])),
  ],
  [
    'spaceport-reach',
    "A NetworkPolicy in a space can't allow traffic to the platform's namespaces (kube-*, *-system, argocd, monitoring, vault and the like) except for DNS (port 53): select other namespaces by kubernetes.io/metadata.name, or spaces by a label under spaceport.dev/.",
    post(policies, networkPolicy([{ to: [{ namespaceSelector: {} }] }])),
  ],
  [
    'spaceport-reach',
    "An Ingress in a space must name its hosts, and each must be the space's own, such as NAMESPACE.apps.example.com. The operator can assign others.",
    post(ingresses, ingress('example.com')),
  ],
  [
    'spaceport-reach',
    "Annotations of Services, pods and Ingresses in a space can only name the space's own hosts, as the rules of an Ingress do, separated by commas.",
    post(core(proofNamespace, 'services'), service({}, { 'external-dns.alpha.kubernetes.io/hostname': 'example.com' })),
  ],
  [
    'spaceport-reach',
    "Services and Ingresses in a space must name their hosts; they can't take any by a pattern, a condition or a route in an annotation, or by a path.",
    post(ingresses, ingress(`${proofNamespace}.example.com`, { 'haproxy-ingress.github.io/server-alias-regex': '.*' })),
  ],
  [
    'spaceport-egress',
    "A NetworkPolicy in a space must exclude every range that the space's own one excludes: see `except` in spaceport-isolation.",
    post(policies, networkPolicy([{ to: [{ ipBlock: { cidr: '192.0.2.0/24' } }] }])),
  ],
]

/** From deploy/cluster-chart/templates/60-fences.yaml; a test compares the two. */
export const fenceProofs: readonly FenceProof[] = [
  ...ofTheBroker.map(([sentence, asked]) => ({ policy: 'spaceport-broker', sentence, asked })),
  ...ofEveryone.map(([policy, sentence, asked]) => ({ policy, sentence, asked: { ...asked, as: fakePerson } })),
]

/**
 * Admission plugins that the limits of spaces depend on. All are on by default; the operator of an API server can
 * switch them off (https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/).
 */
export const pluginProofs: readonly PluginProof[] = [
  {
    policy: 'PodSecurity',
    sentence: "pods can exceed their namespace's pod security level; is this admission plugin switched off?",
    refusal: 'violates PodSecurity',
    asked: { ...post(core(proofNamespace, 'pods'), pod({ hostNetwork: true })), as: fakePerson },
  },
  {
    policy: 'ResourceQuota',
    sentence: 'a full quota refuses nothing; is this admission plugin switched off?',
    refusal: 'exceeded quota: nothing',
    asked: { ...post(core(proofNamespace, 'services'), service({})), as: fakePerson },
  },
]
