import { expect, test } from 'vitest'
import type { Manifest } from '#lib/kernel/model/spaces/manifest.ts'
import { checkClock } from './clock.ts'
import { listDifferences } from './differences.ts'
import { renderFinding } from './finding.ts'

const role: Manifest = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRole',
  metadata: { name: 'role', labels: { a: 'b' } },
  rules: [{ apiGroups: [''], resources: ['pods', 'nodes'], verbs: ['get', 'list'] }],
}
const split = [
  { apiGroups: [''], resources: ['nodes'], verbs: ['list', 'get'] },
  { apiGroups: [''], resources: ['pods'], verbs: ['get', 'list'] },
]
const binding: Manifest = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRoleBinding',
  metadata: { name: 'binding' },
  roleRef: { kind: 'ClusterRole', name: 'role' },
  subjects: [{ kind: 'ServiceAccount', name: 'one', namespace: 'ns' }],
}

test('the same rights in another grouping are equal', () => {
  expect(listDifferences(role, { ...role, rules: split })).toEqual([])
})

test('missing and additional rights are named; a wildcard and a name count', () => {
  const rules = [...split.slice(1), { apiGroups: [''], resources: ['*'], verbs: ['get'], resourceNames: ['x'] }]
  expect(listDifferences(role, { ...role, rules })).toEqual([
    'lacks the right to get nodes, list nodes',
    'has a right too many, to get * x',
  ])
})

test('another role, and missing or additional subjects, are named', () => {
  const found = {
    ...binding,
    roleRef: { kind: 'ClusterRole', name: 'cluster-admin' },
    subjects: [{ kind: 'Group', name: 'system:authenticated' }],
  }
  expect(listDifferences(binding, found)).toEqual([
    'binds ClusterRole cluster-admin',
    'doesn’t bind ServiceAccount ns/one',
    'also binds Group system:authenticated',
  ])
})

test('others’ labels don’t matter, ours do', () => {
  const labelled = (labels: Record<string, string>) => ({ ...role, metadata: { name: 'role', labels } })
  expect(listDifferences(role, labelled({ a: 'b', c: 'd' }))).toEqual([])
  expect(listDifferences(role, labelled({ a: 'c' }))).toEqual(['metadata.labels.a is "c" instead of "b"'])
})

test('clocks that differ by minutes are reported', () => {
  const now = Date.parse('2026-11-27T12:00:00Z')
  expect(checkClock('x', 'Fri, 27 Nov 2026 12:00:03 GMT', now).mark).toBe('good')
  expect(checkClock('x', 'Fri, 27 Nov 2026 11:58:00 GMT', now).what).toContain('120 s apart')
  expect(checkClock('x', undefined, now).mark).toBe('doubtful')
})

test('a server’s answer can’t draw on the terminal', () => {
  expect(renderFinding({ mark: 'bad', what: 'it says \u001b[2J\nok', remedy: 'look' })).toBe(
    '  ✗ it says  [2J ok → look',
  )
})
