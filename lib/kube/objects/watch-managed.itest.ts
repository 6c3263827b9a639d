import { afterAll, expect, test } from 'vitest'
import { z } from 'zod'
import { applyAs } from '#dev/cluster/apply-as.ts'
import { openClusterFixture } from '#dev/testing/fixtures/cluster-fixture.ts'
import { request } from '#lib/kube/client/request.ts'
import { deleteNamespace } from './delete-namespace.ts'
import { deleteObject } from './delete-object.ts'
import type { ManagedSnapshot } from './tracked-objects.ts'
import { walkManaged } from './walk-managed.ts'
import { watchManaged } from './watch-managed.ts'

const fixture = openClusterFixture()
const { broker, admin } = fixture
afterAll(() => fixture.close())

async function watching(since?: ManagedSnapshot) {
  const ended = new AbortController()
  const synced = Promise.withResolvers<void>()
  const seen: string[] = []
  const done = watchManaged(broker, {
    since,
    onChange: (spaceId, ref, event) => seen.push(`${spaceId} ${ref.kind}/${ref.name} ${event}`),
    onSynced: synced.resolve,
    signal: ended.signal,
  })
  await Promise.race([synced.promise, done])
  return {
    seen,
    async end() {
      ended.abort()
      await done
    },
  }
}

test('every change to Spaceport’s objects is reported with its space: created, changed, deleted, label removed', async () => {
  const { seen, end } = await watching()
  const { wanted, rendered, namespace, uid } = await fixture.makeSpace()
  const has = (what: string) => expect.poll(() => seen).toContain(`${wanted.id} ${what}`)
  await has(`Namespace/${namespace} added`)
  await has('ResourceQuota/spaceport added')
  await has('RoleBinding/spaceport:admin added')

  const [quota, limits] = rendered.limits
  if (!quota || !limits) throw new Error('no limits')
  await applyAs('somebody', admin, { ...quota, spec: { hard: { pods: '1000' } } })
  await has('ResourceQuota/spaceport modified')

  await deleteObject(admin, {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    namespace,
    name: 'spaceport-isolation',
  })
  await has('NetworkPolicy/spaceport-isolation deleted')

  await request(
    admin,
    {
      method: 'PATCH',
      path: `/api/v1/namespaces/${namespace}/limitranges/spaceport`,
      contentType: 'application/merge-patch+json',
      body: { metadata: { labels: { 'spaceport.dev/managed-by': null } } },
    },
    z.unknown(),
  )
  await has('LimitRange/spaceport deleted')

  await deleteNamespace(broker, namespace, uid)
  await has(`Namespace/${namespace} modified`)
  await expect.poll(() => seen).toContain(`${wanted.id} Namespace/${namespace} deleted`)
  await end()
})

test('a change to an object with cleared managed fields is reported too', async () => {
  const { wanted, namespace } = await fixture.makeSpace()
  const path = `/api/v1/namespaces/${namespace}/resourcequotas/spaceport`
  const contentType = 'application/merge-patch+json'
  const patch = (body: unknown) => request(admin, { method: 'PATCH', path, contentType, body }, z.unknown())
  await patch({ metadata: { managedFields: [{}] } })
  const { seen, end } = await watching()
  await patch({ spec: { hard: { pods: '999' } } })
  await expect.poll(() => seen).toContain(`${wanted.id} ResourceQuota/spaceport modified`)
  await end()
})

test('counted usage is not a change, and existing objects are not reported', async () => {
  const { wanted, namespace, owner } = await fixture.makeSpace()
  const { seen, end } = await watching()
  await request(
    broker,
    {
      method: 'POST',
      path: `/api/v1/namespaces/${namespace}/secrets`,
      as: owner,
      body: { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'one' } },
    },
    z.unknown(),
  )
  // Secrets, since the cluster itself creates none in a new namespace.
  const usage = z.object({ status: z.object({ used: z.record(z.string(), z.string()) }) })
  const path = `/api/v1/namespaces/${namespace}/resourcequotas/spaceport`
  const counted = async () => (await request(admin, { method: 'GET', path }, usage)).status.used.secrets
  await expect.poll(counted).toBe('1')
  // A later event of the same watch proves that the change of usage has been seen.
  await deleteObject(admin, { apiVersion: 'v1', kind: 'ResourceQuota', namespace, name: 'spaceport' })
  await expect.poll(() => seen).toContain(`${wanted.id} ResourceQuota/spaceport deleted`)
  expect(seen.filter((line) => line.startsWith(wanted.id))).toEqual([`${wanted.id} ResourceQuota/spaceport deleted`])
  await end()
})

test('a watch that continues from a walk reports exactly the later changes', async () => {
  const { wanted, rendered, namespace } = await fixture.makeSpace()
  const untouched = await fixture.makeSpace()
  const [quota] = rendered.limits
  if (!quota) throw new Error('no quota')
  const walk = walkManaged(broker)
  await walk.take(namespace)
  const snapshot = await walk.finish()
  await applyAs('somebody', admin, { ...quota, spec: { hard: { pods: '1000' } } })
  await deleteObject(admin, { apiVersion: 'v1', kind: 'LimitRange', namespace, name: 'spaceport' })
  const { seen, end } = await watching(snapshot)
  await expect.poll(() => seen).toContain(`${wanted.id} ResourceQuota/spaceport modified`)
  await expect.poll(() => seen).toContain(`${wanted.id} LimitRange/spaceport deleted`)
  expect(seen.filter((what) => what.startsWith(untouched.wanted.id))).toEqual([])
  await end()
})
