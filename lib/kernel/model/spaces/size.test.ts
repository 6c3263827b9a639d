import { expect, test } from 'vitest'
import { roleRules } from '#lib/kernel/model/access/role-rules.ts'
import { parseQuantity } from './quantity.ts'
import { sizes } from './size.ts'
import { sizeSpecs } from './size-spec.ts'

/** What a role can create that no quota counts, with the reason. */
const uncounted: Readonly<Record<string, string>> = {
  'pods/exec': 'not stored',
  'pods/attach': 'not stored',
  'pods/portforward': 'not stored',
  'pods/eviction': 'not stored',
  events: 'the API server doesn’t count them, and deletes each after an hour',
  'events.events.k8s.io': 'the same objects as events',
}

/** Resources that a quota names without `count/` (https://kubernetes.io/docs/concepts/policy/resource-quotas/). */
const plain = ['secrets', 'configmaps', 'services', 'persistentvolumeclaims']

const creatable = new Set(
  Object.values(roleRules)
    .flat()
    .filter(({ verbs }) => verbs.includes('create'))
    .flatMap(({ apiGroups, resources }) =>
      apiGroups.flatMap((group) => resources.map((resource) => (group === '' ? resource : `${resource}.${group}`))),
    ),
)

test.each(sizes)('the quota of size %s counts everything that a role can create', (size) => {
  const { quota } = sizeSpecs[size]
  const free = [...creatable].filter(
    (resource) => quota[plain.includes(resource) ? resource : `count/${resource}`] === undefined,
  )
  expect(free.sort()).toEqual(Object.keys(uncounted).sort())
})

test('a larger size has at least as much of everything', () => {
  for (const [resource, least] of Object.entries(sizeSpecs.S.quota)) {
    const figures = [least, sizeSpecs.M.quota[resource], sizeSpecs.L.quota[resource]].map((text) =>
      parseQuantity(text ?? ''),
    )
    expect(figures, resource).toEqual(figures.toSorted((a, b) => Number(a) - Number(b)))
  }
})

test.each(sizes)('as many pods as size %s promises fit with container defaults', (size) => {
  const { quota, container } = sizeSpecs[size]
  const amount = (text: string | undefined) => parseQuantity(text ?? '') ?? Number.NaN
  const pods = amount(quota.pods)
  const each = {
    'requests.cpu': container.requestCpu,
    'limits.cpu': container.defaultCpu,
    'requests.memory': container.requestMemory,
    'limits.memory': container.defaultMemory,
    'requests.ephemeral-storage': container.requestDisk,
    'limits.ephemeral-storage': container.defaultDisk,
  }
  for (const [resource, one] of Object.entries(each)) {
    expect(amount(quota[resource]), resource).toBeGreaterThanOrEqual(pods * amount(one))
  }
})
