import { afterAll, beforeAll, expect, test } from 'vitest'
import { applyAs } from '#dev/cluster/apply-as.ts'
import { readManifests } from '#dev/cluster/install.ts'
import { type BrokerFixture, openBrokerFixture } from '#dev/testing/broker-fixture.ts'
import { type OwnCluster, openOwnCluster } from '#dev/testing/own-cluster.ts'
import { createSpace } from '#lib/broker/spaces/create-space.ts'
import type { Manifest } from '#lib/domain/manifest.ts'
import { applyObject } from '#lib/kube/apply-object.ts'
import { type Clusters, connectClusters } from '#lib/kube/cluster.ts'
import { deleteObject } from '#lib/kube/delete-object.ts'
import { metrics } from '#lib/observability/metrics.ts'
import { checkRights } from './check-rights.ts'
import { readClusterNotices } from './read-cluster-notices.ts'

/** On its own control plane: what others bind on the shared one would be found too. */
let own: OwnCluster
let fixture: BrokerFixture
let clusters: Clusters
const opened: { close(): Promise<void> }[] = []
beforeAll(async () => {
  ;[own, fixture] = await Promise.all([openOwnCluster(), openBrokerFixture()])
  clusters = connectClusters({ kubeconfig: own.brokerKubeconfig, clusters: [] })
  opened.push(clusters, fixture, own)
})
afterAll(async () => {
  for (const part of opened) await part.close()
})

test('rights that Spaceport did not give are found, shown to platform admins and recorded in the trail, and forgotten once they are gone', async () => {
  const system = fixture.system({ clusters })
  const admin = await fixture.person('padmin', { platformRole: 'admin' })
  const owner = await fixture.person('owner')
  const notices = () => readClusterNotices(fixture.as(admin, { clusters }))
  const trail = async () =>
    (
      await fixture.owner.query(
        `SELECT detail FROM audit_event WHERE action = 'cluster.rights-changed' AND intent_id IS NULL ORDER BY seq`,
      )
    ).rows.map(({ detail }) => detail)
  const name = 'checked'
  await createSpace(fixture.as(owner, { clusters }), { name, description: '', size: 'S', endsAt: null })
  // What Spaceport itself installed and bound doesn't count.
  expect(await checkRights(system, 'default')).toEqual([])
  expect(await notices()).toEqual([])
  expect(await trail()).toEqual([])

  const subject = { kind: 'ServiceAccount', namespace: 'spaceport-users', name: owner.handle }
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' }
  const apiVersion = 'rbac.authorization.k8s.io/v1'
  const across = { apiVersion, kind: 'ClusterRoleBinding', metadata: { name: 'foreign' }, roleRef, subjects: [subject] }
  const inSpace = { ...across, kind: 'RoleBinding', metadata: { name: 'foreign', namespace: name } }
  const viewer = (await readManifests()).find(({ metadata }) => metadata.name === 'spaceport:viewer')
  if (!viewer) throw new Error('there is no such role')
  const rules = [{ apiGroups: [''], resources: ['secrets'], verbs: ['get'] }]
  for (const manifest of [across, inSpace]) await applyObject(own.admin, manifest)
  const install = (manifest: Manifest) => applyAs('spaceport-install', own.admin, manifest)
  await install({ ...viewer, rules })
  const found = [
    'ClusterRole spaceport:viewer has different rules from the ones this version ships.',
    `ClusterRoleBinding foreign grants ${owner.handle} the ClusterRole view.`,
    `RoleBinding foreign in ${name} grants ${owner.handle} the ClusterRole view.`,
  ]
  // Lists come from the API server's cache, which lags a moment behind.
  await expect.poll(() => checkRights(system, 'default')).toEqual(found)
  await checkRights(system, 'default')
  expect(await notices()).toEqual([{ cluster: 'default', fences: [], rights: found }])
  expect((await trail()).flatMap(({ come }) => come).sort()).toEqual(found)
  expect(await metrics().registry.metrics()).toContain('spaceport_rights_findings{cluster="default"} 3')
  await expect(readClusterNotices(fixture.as(owner, { clusters }))).rejects.toMatchObject({ code: 'forbidden' })

  await deleteObject(own.admin, { apiVersion, kind: 'ClusterRoleBinding', name: 'foreign' })
  await deleteObject(own.admin, { apiVersion, kind: 'RoleBinding', name: 'foreign', namespace: name })
  await install(viewer)
  await expect.poll(() => checkRights(system, 'default')).toEqual([])
  expect(await notices()).toEqual([])
  expect((await trail()).flatMap(({ gone }) => gone).sort()).toEqual(found)
})
