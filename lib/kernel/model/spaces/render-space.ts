import type { DnsPeer, Reach } from '#lib/kernel/model/access/reach.ts'
import { roles } from '#lib/kernel/model/access/role.ts'
import { annotations, labels, usersNamespace } from './cluster-names.ts'
import { type ClusterGrant, renderGrants } from './grant-on-cluster.ts'
import type { Manifest } from './manifest.ts'
import type { Member, SpaceMember } from './membership.ts'
import { metadataRanges } from './metadata-ranges.ts'
import type { Size } from './size.ts'
import { sizeSpecs } from './size-spec.ts'

/** The complete desired state of a space: it and the operator's reach determine its objects. */
export type DesiredSpace = {
  id: string
  name: string
  namespace: string
  /** Random, chosen together with the space; see cluster-names.ts. */
  creation: string
  description: string
  size: Size
  endsAt: Date | null
  requestId: string | null
  owner: Member
  members: readonly SpaceMember[]
  /** All grants that haven't ended, in the order of their ids. */
  grants: readonly ClusterGrant[]
}

export type RenderedSpace = { namespace: Manifest; limits: Manifest[]; access: Manifest[]; people: Member[] }

/**
 * Renders a space to its manifests. Pure and deterministic.
 * @returns the namespace (created first), limits and isolation, bindings, and people who need a ServiceAccount
 */
export function renderSpace(space: DesiredSpace, reach: Reach): RenderedSpace {
  const ours = {
    [labels.managedBy]: 'spaceport',
    [labels.spaceId]: space.id,
    [labels.space]: space.name,
  }
  const within = (kind: string, apiVersion: string, name: string, body: Record<string, unknown>): Manifest => ({
    apiVersion,
    kind,
    metadata: { name, namespace: space.namespace, labels: ours },
    ...body,
  })
  return {
    namespace: renderNamespace(space, reach, ours),
    limits: [
      within('ResourceQuota', 'v1', 'spaceport', { spec: { hard: { ...sizeSpecs[space.size].quota } } }),
      within('LimitRange', 'v1', 'spaceport', { spec: { limits: renderLimits(space.size) } }),
      within('NetworkPolicy', 'networking.k8s.io/v1', 'spaceport-isolation', { spec: renderIsolation(reach) }),
    ],
    access: renderBindings(space, within),
    people: space.members.map(({ member }) => member).sort(byHandle),
  }
}

const byHandle = (a: Member, b: Member) => (a.handle < b.handle ? -1 : a.handle > b.handle ? 1 : 0)

function renderNamespace(space: DesiredSpace, reach: Reach, ours: Record<string, string>): Manifest {
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name: space.namespace,
      labels: {
        ...ours,
        'pod-security.kubernetes.io/enforce': 'baseline',
        'pod-security.kubernetes.io/warn': 'restricted',
      },
      annotations: {
        [annotations.creation]: space.creation,
        [annotations.owner]: space.owner.handle,
        [annotations.displayName]: space.name,
        // Written even when empty, so that a setting that was removed disappears from the cluster.
        [annotations.ingressSuffixes]: reach.ingressSuffixes.join(','),
        [annotations.platformNamespaces]: reach.platformNamespaces.join(','),
        ...(space.description && { [annotations.description]: space.description }),
        ...(space.endsAt && { [annotations.expiresAt]: space.endsAt.toISOString() }),
        ...(space.requestId && { [annotations.requestId]: space.requestId }),
        [annotations.grants]: renderGrants(space.grants),
      },
    },
  }
}

function renderLimits(size: Size) {
  const { container } = sizeSpecs[size]
  return [
    {
      type: 'Container',
      default: {
        cpu: container.defaultCpu,
        memory: container.defaultMemory,
        'ephemeral-storage': container.defaultDisk,
      },
      defaultRequest: {
        cpu: container.requestCpu,
        memory: container.requestMemory,
        'ephemeral-storage': container.requestDisk,
      },
      max: { cpu: container.maxCpu, memory: container.maxMemory, 'ephemeral-storage': container.maxDisk },
    },
  ]
}

/**
 * Inbound: only from the same namespace. Outbound: DNS, and everything but cloud metadata (metadata-ranges.ts) and
 * ranges that the operator denies. The fence `spaceport-egress` enforces these exclusions in members' own policies.
 */
const renderIsolation = ({ deniedCidrs, dnsPeers }: Reach) => ({
  podSelector: {},
  policyTypes: ['Ingress', 'Egress'],
  ingress: [{ from: [{ podSelector: {} }] }],
  egress: [
    { to: [{ podSelector: {} }] },
    ...[{ namespace: 'kube-system', port: 53 }, ...dnsPeers].map(renderDnsPeer),
    {
      to: [
        { ipBlock: { cidr: '0.0.0.0/0', except: [...metadataRanges.ipv4, ...deniedCidrs.filter((c) => !isIpv6(c))] } },
        { ipBlock: { cidr: '::/0', except: [...metadataRanges.ipv6, ...deniedCidrs.filter(isIpv6)] } },
      ],
    },
  ],
})

function renderDnsPeer(peer: DnsPeer) {
  const port = 'port' in peer ? peer.port : 53
  const to =
    'namespace' in peer
      ? { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': peer.namespace } } }
      : { ipBlock: { cidr: `${peer.address}/${isIpv6(peer.address) ? 128 : 32}` } }
  return { ports: ['UDP', 'TCP'].map((protocol) => ({ protocol, port })), to: [to] }
}

const isIpv6 = (cidr: string) => cidr.includes(':')

/** One RoleBinding per role in use; its subjects are only our ServiceAccounts. */
function renderBindings(
  space: DesiredSpace,
  within: (kind: string, apiVersion: string, name: string, body: Record<string, unknown>) => Manifest,
): Manifest[] {
  return roles.flatMap((role) => {
    const handles = space.members
      .filter((each) => each.role === role)
      .map(({ member }) => member.handle)
      .sort()
    if (handles.length === 0) return []
    return [
      within('RoleBinding', 'rbac.authorization.k8s.io/v1', `spaceport:${role}`, {
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: `spaceport:${role}` },
        subjects: handles.map((name) => ({ kind: 'ServiceAccount', name, namespace: usersNamespace })),
      }),
    ]
  })
}
