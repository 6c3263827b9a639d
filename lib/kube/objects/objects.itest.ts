import { afterAll, expect, test } from 'vitest'
import { z } from 'zod'
import { deletePerson } from '#dev/testing/database/delete-person.ts'
import { openClusterFixture, testMember } from '#dev/testing/fixtures/cluster-fixture.ts'
import { hasDrifted } from '#lib/kernel/model/spaces/drift.ts'
import { objectPath } from '#lib/kube/client/object-path.ts'
import { pingCluster } from '#lib/kube/client/ping-cluster.ts'
import { request } from '#lib/kube/client/request.ts'
import { proveFences } from '#lib/kube/fences/prove-fences.ts'
import { listUsage } from '#lib/kube/inside/list-usage.ts'
import { applyPerson } from '#lib/kube/people/apply-person.ts'
import { mayPerson } from '#lib/kube/people/may-person.ts'
import { applyObject } from './apply-object.ts'
import { deleteObject } from './delete-object.ts'
import { listManaged } from './list-managed.ts'

const fixture = openClusterFixture()
const { broker, admin } = fixture
afterAll(() => fixture.close())

test('after an apply the cluster has exactly the desired objects', async () => {
  const { rendered, namespace } = await fixture.makeSpace()
  const found = await listManaged(broker, namespace)
  for (const manifest of [...rendered.limits, ...rendered.access]) {
    const same = found.find(({ kind, metadata }) => kind === manifest.kind && metadata.name === manifest.metadata.name)
    expect(hasDrifted(manifest, same), `${manifest.kind} has drifted`).toBe(false)
  }
  expect(found).toHaveLength(rendered.limits.length + rendered.access.length)
})

test('applying an unchanged object writes nothing', async () => {
  const { rendered } = await fixture.makeSpace()
  const version = z.object({ metadata: z.object({ uid: z.string(), resourceVersion: z.string() }) })
  // The cluster writes counted usage into quotas.
  for (const manifest of [...rendered.limits, ...rendered.access].filter(({ kind }) => kind !== 'ResourceQuota')) {
    const path = objectPath({ ...manifest, ...manifest.metadata })
    const before = await request(admin, { method: 'GET', path }, version)
    await applyObject(broker, manifest)
    expect(await request(admin, { method: 'GET', path }, version)).toEqual(before)
  }
})

test('a binding that was replaced by one to another role is recreated', async () => {
  const viewer = testMember('viewer')
  const { rendered, namespace } = await fixture.makeSpace([{ member: viewer, role: 'viewer' }])
  const [binding] = rendered.access.filter(({ metadata }) => metadata.name === 'spaceport:viewer')
  if (!binding) throw new Error('no binding')
  const ref = { apiVersion: binding.apiVersion, kind: 'RoleBinding', namespace, name: 'spaceport:viewer' }
  await deleteObject(admin, ref)
  await applyObject(admin, {
    ...binding,
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' },
  })
  await applyObject(broker, binding)
  const found = (await listManaged(broker, namespace)).find(({ metadata }) => metadata.name === 'spaceport:viewer')
  expect(hasDrifted(binding, found)).toBe(false)
})

test('the API server allows each role exactly its rights, until its binding is deleted', async () => {
  const [viewer, editor] = [testMember('viewer'), testMember('editor')]
  const { owner, namespace } = await fixture.makeSpace([
    { member: viewer, role: 'viewer' },
    { member: editor, role: 'editor' },
  ])
  const may = (handle: string, verb: string, group: string, resource: string) =>
    mayPerson(broker, handle, { namespace, verb, group, resource })
  expect(await may(owner.handle, 'create', 'rbac.authorization.k8s.io', 'rolebindings')).toBe(true)
  expect(await may(editor.handle, 'create', 'rbac.authorization.k8s.io', 'rolebindings')).toBe(false)
  expect(await may(editor.handle, 'create', '', 'pods/exec')).toBe(true)
  expect(await may(viewer.handle, 'create', '', 'pods/exec')).toBe(false)
  expect(await may(viewer.handle, 'list', '', 'pods')).toBe(true)
  expect(await may(viewer.handle, 'get', '', 'secrets')).toBe(false)
  expect(await may(testMember('stranger').handle, 'list', '', 'pods')).toBe(false)
  const ref = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'RoleBinding', namespace, name: 'spaceport:viewer' }
  await deleteObject(broker, ref)
  await deleteObject(broker, ref)
  await expect.poll(() => may(viewer.handle, 'list', '', 'pods')).toBe(false)
})

test('a person is one ServiceAccount, which can be applied and removed repeatedly', async () => {
  const person = testMember()
  const path = `/api/v1/namespaces/spaceport-users/serviceaccounts/${person.handle}`
  const read = () => request(admin, { method: 'GET', path }, z.looseObject({ metadata: z.looseObject({}) }))
  await applyPerson(broker, person)
  await applyPerson(broker, { ...person, email: 'new@example.com' })
  expect((await read()).metadata).toMatchObject({
    labels: { 'spaceport.dev/managed-by': 'spaceport' },
    annotations: { 'spaceport.dev/email': 'new@example.com' },
  })
  await deletePerson(broker, person.handle)
  await deletePerson(broker, person.handle)
  await expect(read()).rejects.toMatchObject({ code: 'not_found' })
})

test('the quotas of all spaces are read in one request', async () => {
  const { namespace } = await fixture.makeSpace()
  await expect
    .poll(async () =>
      (await listUsage(broker))
        .find((one) => one.namespace === namespace)
        ?.usage.find(({ resource }) => resource === 'pods'),
    )
    .toEqual({ resource: 'pods', used: '0', hard: '20', ratio: 0 })
})

test('the broker proves that the admission policies hold; an exempt identity finds them missing', async () => {
  await pingCluster(broker)
  await proveFences(broker)
  await expect(proveFences(admin)).rejects.toMatchObject({ code: 'fences_missing' })
})
