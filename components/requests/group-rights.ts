import type { GainedRight } from '#lib/kernel/model/access/role-rules.ts'

export type RightsRow = { resources: string[]; verbs: string[]; sensitive: boolean }
export type RightsGroup = { title: string; sensitive: boolean; rows: RightsRow[] }

type Area = readonly [title: string, kinds: readonly string[]]

/** In the order that an approver should review. */
const areas: readonly Area[] = [
  ['Secrets', ['secrets']],
  ['Inside running pods', ['pods/exec', 'pods/attach', 'pods/portforward', 'pods/ephemeralcontainers']],
  ['Roles and access', ['roles', 'rolebindings']],
  [
    'Workloads',
    [
      'pods',
      'deployments',
      'replicasets',
      'statefulsets',
      'daemonsets',
      'replicationcontrollers',
      'controllerrevisions',
      'jobs',
      'cronjobs',
      'horizontalpodautoscalers',
      'poddisruptionbudgets',
    ],
  ],
  ['Logs and events', ['pods/log', 'events']],
  ['Configuration', ['configmaps', 'serviceaccounts', 'leases']],
  ['Network', ['services', 'endpoints', 'endpointslices', 'ingresses', 'networkpolicies']],
  ['Storage', ['persistentvolumeclaims']],
  ['The space itself', ['namespaces', 'resourcequotas', 'limitranges']],
]

const others = 'Other resources'

function areaOf(resource: string): string {
  const plural = resource.split('.')[0] ?? resource
  const exact = areas.find(([, kinds]) => kinds.includes(plural))
  const parent = plural.split('/')[0] ?? plural
  return (exact ?? areas.find(([, kinds]) => kinds.includes(parent)))?.[0] ?? others
}

/**
 * Groups permissions by area, then by verbs.
 * @returns the areas with gained permissions, sensitive ones first; no permission is omitted
 */
export function groupRights(gained: readonly GainedRight[]): RightsGroup[] {
  const groups = new Map<string, Map<string, RightsRow>>()
  for (const { resource, verbs, sensitive } of gained) {
    const title = areaOf(resource)
    const rows = groups.get(title) ?? new Map<string, RightsRow>()
    groups.set(title, rows)
    const key = `${sensitive} ${verbs.join(' ')}`
    const row = rows.get(key)
    if (row) row.resources.push(resource)
    else rows.set(key, { resources: [resource], verbs, sensitive })
  }
  return [...areas.map(([title]) => title), others]
    .flatMap((title) => {
      const rows = [...(groups.get(title)?.values() ?? [])]
      return rows.length === 0 ? [] : [{ title, sensitive: rows.some((row) => row.sensitive), rows }]
    })
    .sort((a, b) => Number(b.sensitive) - Number(a.sensitive))
}
