import { expect, test } from 'vitest'
import { renderRollBack, revisedSchema, revisionsOf, revisionsPath, storedRevision } from './roll-back.ts'

const template = (image: string, more: object = {}) => ({
  metadata: { labels: { app: 'web' } },
  spec: { containers: [{ name: 'main', image, ...more }], dnsPolicy: 'ClusterFirst' },
})
const made = (name: string, annotations: object = {}) => ({
  name,
  uid: `uid-of-${name}`,
  resourceVersion: '7',
  creationTimestamp: '2026-12-01T10:00:00Z',
  annotations,
})
const ownedBy = (uid: string) => ({ ownerReferences: [{ uid, controller: true }] })
const deployment = (annotations: object, paused = false) =>
  revisedSchema.parse({
    metadata: made('web', annotations),
    spec: { paused, selector: { matchLabels: { app: 'web' } }, template: template('web:2') },
  })
const replicaSet = (number: number, image: string, { owner = 'uid-of-web', more = {}, cause = '' } = {}) => {
  const { metadata, spec } = template(image, more)
  const labels = { ...metadata.labels, 'pod-template-hash': `hash${number}` }
  const annotations = { 'deployment.kubernetes.io/revision': `${number}`, 'kubernetes.io/change-cause': cause }
  return storedRevision.parse({
    metadata: { ...made(`web-${number}`, annotations), ...ownedBy(owner) },
    spec: { template: { metadata: { labels }, spec } },
  })
}
const plain = (text: string) => text

test('a Deployment’s revisions are its own ReplicaSets, the newest first, each with what would change', () => {
  const web = deployment({ 'deployment.kubernetes.io/revision': '3' })
  const found = [
    replicaSet(1, 'web:1', { more: { env: [] }, cause: 'first' }),
    replicaSet(3, 'web:2'),
    replicaSet(2, 'web:1'),
    replicaSet(9, 'other:9', { owner: 'uid-of-other' }),
  ]
  const { items, digest, paused } = revisionsOf(web, found, (text) => text.toUpperCase())
  expect(items).toMatchObject([
    { name: 'web-3', number: 3, current: true, digest, cause: null, change: { images: [], other: false } },
    { number: 2, current: false, images: ['web:1'], change: { other: false } },
    {
      number: 1,
      cause: 'FIRST',
      change: { images: [{ container: 'main', from: 'web:2', to: 'web:1' }], other: true },
    },
  ])
  expect(paused).toBe(false)
  expect(revisionsOf(deployment({}, true), found, plain).paused).toBe(true)
})

test('added and removed containers are named as changes of images', () => {
  const web = deployment({})
  const { metadata, spec } = template('web:2')
  const found = storedRevision.parse({
    metadata: { ...made('web-1'), ...ownedBy('uid-of-web') },
    spec: {
      template: { metadata, spec: { ...spec, containers: [], initContainers: [{ name: 'setup', image: 'setup:1' }] } },
    },
  })
  expect(revisionsOf(web, [found], plain).items[0]?.change).toEqual({
    images: [
      { container: 'main', from: 'web:2', to: null },
      { container: 'setup', from: null, to: 'setup:1' },
    ],
    other: true,
  })
})

test('a StatefulSet’s newest ControllerRevision is the current one', () => {
  const stored = (revision: number, image: string) =>
    storedRevision.parse({
      metadata: { ...made(`db-${revision}`), ...ownedBy('uid-of-web') },
      revision,
      data: { spec: { template: { ...template(image), $patch: 'replace' } } },
    })
  const { items, digest } = revisionsOf(deployment({}), [stored(1, 'web:1'), stored(2, 'web:2')], plain)
  expect(items.map(({ number, current }) => [number, current])).toEqual([
    [2, true],
    [1, false],
  ])
  expect(items[0]?.digest).toBe(digest)
  expect(renderRollBack('StatefulSet', deployment({}), stored(1, 'web:1'))).toEqual({
    type: 'application/strategic-merge-patch+json',
    content: {
      metadata: { resourceVersion: '7' },
      spec: { template: { ...template('web:1'), $patch: 'replace' } },
    },
  })
})

test('a Deployment is rolled back as by kubectl, and only at the version that was read', () => {
  const applied = { 'kubectl.kubernetes.io/last-applied-configuration': '{}', 'deployment.kubernetes.io/revision': '3' }
  const web = deployment({ ...applied, added: 'since' })
  expect(renderRollBack('Deployment', web, replicaSet(1, 'web:1', { cause: 'first' }))).toEqual({
    type: 'application/json-patch+json',
    content: [
      { op: 'replace', path: '/metadata/resourceVersion', value: '7' },
      { op: 'replace', path: '/spec/template', value: template('web:1') },
      { op: 'add', path: '/metadata/annotations', value: { ...applied, 'kubernetes.io/change-cause': 'first' } },
    ],
  })
})

test('only Deployments, StatefulSets and DaemonSets have revisions', () => {
  expect(revisionsPath('x', 'Deployment')).toBe('/apis/apps/v1/namespaces/x/replicasets')
  expect(revisionsPath('x', 'DaemonSet')).toBe('/apis/apps/v1/namespaces/x/controllerrevisions')
  expect(revisionsPath('x', 'Job')).toBeNull()
})
