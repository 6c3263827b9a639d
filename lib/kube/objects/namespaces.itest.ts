import { randomUUID } from 'node:crypto'
import { afterAll, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { openClusterFixture } from '#dev/testing/fixtures/cluster-fixture.ts'
import { defaultReach } from '#lib/kernel/model/access/reach-fixture.ts'
import { annotations, labels } from '#lib/kernel/model/spaces/cluster-names.ts'
import { renderSpace } from '#lib/kernel/model/spaces/render-space.ts'
import { request } from '#lib/kube/client/request.ts'
import { applyNamespace } from './apply-namespace.ts'
import { applyObject } from './apply-object.ts'
import { createNamespace } from './create-namespace.ts'
import { deleteNamespace } from './delete-namespace.ts'
import { findNamespace } from './find-namespace.ts'

const fixture = openClusterFixture()
const { broker, admin } = fixture
afterAll(() => fixture.close())

async function foreignNamespace(): Promise<{ name: string; uid: string }> {
  const name = `foreign-${randomUUID().slice(0, 8)}`
  const { uid } = await createNamespace(admin, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
  fixture.forget(name, uid)
  return { name, uid }
}

test('an existing namespace is never adopted', async () => {
  const { name, uid } = await foreignNamespace()
  const { namespace } = renderSpace(fixture.wantedSpace({ namespace: name }), defaultReach)
  await expect(createNamespace(broker, namespace)).rejects.toMatchObject({ code: 'namespace_taken' })
  await expect(
    applyNamespace(broker, { ...namespace, metadata: { ...namespace.metadata, uid } }),
  ).rejects.toMatchObject({
    code: 'cluster_refused',
  })
  expect((await findNamespace(broker, name))?.labels).not.toHaveProperty([labels.managedBy])
})

test('a namespace is identified by UID: one with the same name is neither changed nor deleted', async () => {
  const { rendered, namespace, uid } = await fixture.makeSpace()
  const other = { ...rendered.namespace.metadata, uid: randomUUID() }
  await expect(applyNamespace(broker, { ...rendered.namespace, metadata: other })).rejects.toMatchObject({
    code: 'cluster_conflict',
  })
  await expect(deleteNamespace(broker, namespace, other.uid)).rejects.toMatchObject({ code: 'cluster_conflict' })
  expect(await findNamespace(broker, namespace)).toMatchObject({ uid, terminating: false })
})

test('manual changes are reverted, and additions by others stay', async () => {
  const { rendered, namespace, uid } = await fixture.makeSpace()
  await request(
    admin,
    {
      method: 'PATCH',
      path: `/api/v1/namespaces/${namespace}`,
      contentType: 'application/merge-patch+json',
      body: { metadata: { annotations: { [annotations.displayName]: 'mine', 'example.com/theirs': 'kept' } } },
    },
    z.unknown(),
  )
  await applyNamespace(broker, { ...rendered.namespace, metadata: { ...rendered.namespace.metadata, uid } })
  expect((await findNamespace(broker, namespace))?.annotations).toMatchObject({
    [annotations.displayName]: namespace,
    'example.com/theirs': 'kept',
  })
})

test('a deleted namespace is distinguished from another one of the same name', async () => {
  const { namespace } = renderSpace(fixture.wantedSpace(), defaultReach)
  const gone = { ...namespace, metadata: { ...namespace.metadata, uid: randomUUID() } }
  await expect(applyNamespace(broker, gone)).rejects.toMatchObject({ code: 'namespace_gone' })
  await deleteNamespace(broker, namespace.metadata.name, gone.metadata.uid)
})

// These wait concurrently for namespaces to be deleted.
test.concurrent('while a namespace terminates, its name can’t be reused and nothing is written into it; deleting it twice is fine', async () => {
  const { rendered, namespace, uid } = await fixture.makeSpace()
  const path = `/api/v1/namespaces/${namespace}/configmaps`
  const held = { metadata: { name: 'held', finalizers: ['example.com/hold'] } }
  await request(admin, { method: 'POST', path, body: { apiVersion: 'v1', kind: 'ConfigMap', ...held } }, z.unknown())
  await deleteNamespace(broker, namespace, uid)
  await deleteNamespace(broker, namespace, uid)
  expect(await findNamespace(broker, namespace)).toMatchObject({ terminating: true })
  await expect(createNamespace(broker, rendered.namespace)).rejects.toMatchObject({ code: 'namespace_terminating' })
  const late = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'late', namespace } }
  await expect(request(admin, { method: 'POST', path, body: late }, z.unknown())).rejects.toMatchObject({
    code: 'namespace_terminating',
  })
  const release = { contentType: 'application/merge-patch+json', body: { metadata: { finalizers: null } } }
  await request(admin, { method: 'PATCH', path: `${path}/held`, ...release }, z.unknown())
  await expect.poll(() => findNamespace(broker, namespace), { interval: 250 }).toBeUndefined()
  // Admission learns a little later that it is gone.
  for (const manifest of rendered.limits)
    await vi.waitFor(
      () => expect(applyObject(broker, manifest)).rejects.toMatchObject({ code: 'namespace_gone' }),
      30_000,
    )
})

test.concurrent('the cause that blocks a deletion is named', async () => {
  const { namespace, uid } = await fixture.makeSpace()
  const path = `/api/v1/namespaces/${namespace}/configmaps`
  const held = { metadata: { name: 'held', finalizers: ['example.com/hold'] } }
  await request(admin, { method: 'POST', path, body: { apiVersion: 'v1', kind: 'ConfigMap', ...held } }, z.unknown())
  await deleteNamespace(broker, namespace, uid)
  await expect
    .poll(async () => (await findNamespace(broker, namespace))?.blockers.join(' '), { timeout: 30_000, interval: 250 })
    .toMatch(/example\.com\/hold.*configmaps \(1\)/)
  await request(
    admin,
    {
      method: 'PATCH',
      path: `${path}/held`,
      contentType: 'application/merge-patch+json',
      body: { metadata: { finalizers: null } },
    },
    z.unknown(),
  )
})
