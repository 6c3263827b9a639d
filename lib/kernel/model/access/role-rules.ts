import type { Role } from './role.ts'

/** One rule of a ClusterRole, as in rbac.authorization.k8s.io/v1. `pods/log` names a subresource. */
export type RoleRule = { apiGroups: readonly string[]; resources: readonly string[]; verbs: readonly string[] }

const read = ['get', 'list', 'watch'] as const
const write = ['create', 'update', 'patch', 'delete', 'deletecollection'] as const
const all = [...read, ...write] as const

/** What every member can read. No secrets. */
const viewerRules: readonly RoleRule[] = [
  { apiGroups: [''], resources: ['namespaces'], verbs: ['get'] },
  {
    apiGroups: [''],
    resources: [
      'pods',
      'pods/log',
      'pods/status',
      'services',
      'services/status',
      'endpoints',
      'configmaps',
      'events',
      'persistentvolumeclaims',
      'persistentvolumeclaims/status',
      'replicationcontrollers',
      'replicationcontrollers/scale',
      'replicationcontrollers/status',
      'resourcequotas',
      'resourcequotas/status',
      'limitranges',
      'serviceaccounts',
    ],
    verbs: read,
  },
  {
    apiGroups: ['apps'],
    resources: [
      'deployments',
      'deployments/scale',
      'deployments/status',
      'replicasets',
      'replicasets/scale',
      'replicasets/status',
      'statefulsets',
      'statefulsets/scale',
      'statefulsets/status',
      'daemonsets',
      'daemonsets/status',
      'controllerrevisions',
    ],
    verbs: read,
  },
  { apiGroups: ['batch'], resources: ['jobs', 'jobs/status', 'cronjobs', 'cronjobs/status'], verbs: read },
  {
    apiGroups: ['autoscaling'],
    resources: ['horizontalpodautoscalers', 'horizontalpodautoscalers/status'],
    verbs: read,
  },
  { apiGroups: ['policy'], resources: ['poddisruptionbudgets', 'poddisruptionbudgets/status'], verbs: read },
  { apiGroups: ['networking.k8s.io'], resources: ['ingresses', 'ingresses/status', 'networkpolicies'], verbs: read },
  { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: read },
  { apiGroups: ['events.k8s.io'], resources: ['events'], verbs: read },
  { apiGroups: ['rbac.authorization.k8s.io'], resources: ['roles', 'rolebindings'], verbs: read },
  // The actual usage of pods, where metrics-server is installed. It can’t be watched.
  { apiGroups: ['metrics.k8s.io'], resources: ['pods'], verbs: ['get', 'list'] },
]

/** What editors add: workloads and their configuration, and access into pods. */
const editorAdditions: readonly RoleRule[] = [
  { apiGroups: [''], resources: ['secrets'], verbs: all },
  {
    apiGroups: [''],
    resources: [
      'pods',
      'services',
      'configmaps',
      'persistentvolumeclaims',
      'replicationcontrollers',
      'serviceaccounts',
    ],
    verbs: write,
  },
  { apiGroups: [''], resources: ['replicationcontrollers/scale'], verbs: ['update', 'patch'] },
  { apiGroups: [''], resources: ['pods/exec', 'pods/attach', 'pods/portforward'], verbs: ['get', 'create'] },
  { apiGroups: [''], resources: ['pods/eviction'], verbs: ['create'] },
  { apiGroups: [''], resources: ['pods/ephemeralcontainers', 'pods/resize'], verbs: ['get', 'update', 'patch'] },
  { apiGroups: [''], resources: ['events'], verbs: ['create', 'patch'] },
  { apiGroups: ['events.k8s.io'], resources: ['events'], verbs: ['create', 'patch'] },
  { apiGroups: ['apps'], resources: ['deployments', 'replicasets', 'statefulsets', 'daemonsets'], verbs: write },
  {
    apiGroups: ['apps'],
    resources: ['deployments/scale', 'replicasets/scale', 'statefulsets/scale'],
    verbs: ['update', 'patch'],
  },
  { apiGroups: ['batch'], resources: ['jobs', 'cronjobs'], verbs: write },
  { apiGroups: ['autoscaling'], resources: ['horizontalpodautoscalers'], verbs: write },
  { apiGroups: ['policy'], resources: ['poddisruptionbudgets'], verbs: write },
  { apiGroups: ['networking.k8s.io'], resources: ['ingresses', 'networkpolicies'], verbs: write },
  { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: all },
]

/**
 * What admins add: Roles and RoleBindings for ServiceAccounts of the same namespace, which Helm charts need. Only for
 * admins without an end date: `clusterRoleOf`.
 */
const adminAdditions: readonly RoleRule[] = [
  { apiGroups: ['rbac.authorization.k8s.io'], resources: ['roles', 'rolebindings'], verbs: write },
]

/**
 * The complete rules of the three ClusterRoles; a test compares them with `deploy/cluster-chart/templates`. Verbs are
 * listed one by one: `*` would include `impersonate` and `serviceaccounts/token`.
 */
export const roleRules: Readonly<Record<Role, readonly RoleRule[]>> = {
  viewer: viewerRules,
  editor: [...viewerRules, ...editorAdditions],
  admin: [...viewerRules, ...editorAdditions, ...adminAdditions],
}

const keyOf = (group: string, resource: string, verb: string) => `${group}/${resource}#${verb}`

const index: Readonly<Record<Role, ReadonlySet<string>>> = {
  viewer: indexOf(roleRules.viewer),
  editor: indexOf(roleRules.editor),
  admin: indexOf(roleRules.admin),
}

function indexOf(rules: readonly RoleRule[]): ReadonlySet<string> {
  const keys = new Set<string>()
  for (const rule of rules)
    for (const group of rule.apiGroups)
      for (const resource of rule.resources) for (const verb of rule.verbs) keys.add(keyOf(group, resource, verb))
  return keys
}

/**
 * @param resource plural, with any subresource after a slash: `pods/exec`
 * @returns whether a role's rules allow exactly this
 */
export const roleAllows = (role: Role, group: string, resource: string, verb: string): boolean =>
  index[role].has(keyOf(group, resource, verb))

export type GainedRight = { resource: string; verbs: string[]; sensitive: boolean }

/** Resources that expose other people's data or sessions, with any verb. */
const sensitiveResources = new Set(['secrets', 'pods/exec', 'pods/attach', 'pods/portforward'])
/** Resources that grant rights when written. */
const sensitiveToWrite = new Set(['roles.rbac.authorization.k8s.io', 'rolebindings.rbac.authorization.k8s.io'])

/** @returns whether a right exposes other people’s data or sessions, or lets a person grant rights */
export const isSensitive = (resource: string, verbs: ReadonlySet<string>): boolean =>
  sensitiveResources.has(resource) || (sensitiveToWrite.has(resource) && verbs.has('create'))

const changingVerbs: ReadonlySet<string> = new Set(write)

export const changesAnything = ({ verbs }: GainedRight): boolean => verbs.some((verb) => changingVerbs.has(verb))

/**
 * Lists what a person with `from` (null: no role) would gain with `to`.
 * @returns one row per resource with the gained verbs, sensitive ones first
 */
export function gainedRights(from: Role | null, to: Role): GainedRight[] {
  const gained = new Map<string, Set<string>>()
  for (const rule of roleRules[to])
    for (const group of rule.apiGroups)
      for (const resource of rule.resources)
        for (const verb of rule.verbs) {
          if (from && roleAllows(from, group, resource, verb)) continue
          const name = group ? `${resource}.${group}` : resource
          gained.set(name, (gained.get(name) ?? new Set()).add(verb))
        }
  return [...gained]
    .map(([resource, verbs]) => ({ resource, verbs: [...verbs], sensitive: isSensitive(resource, verbs) }))
    .sort((a, b) => Number(b.sensitive) - Number(a.sensitive) || a.resource.localeCompare(b.resource))
}
