import { afterAll, beforeAll, expect, test } from 'vitest'
import { applyAs } from '#dev/cluster/apply-as.ts'
import { readManifests } from '#dev/cluster/install.ts'
import { type OwnCluster, openOwnCluster } from '#dev/testing/cluster/own-cluster.ts'
import { type BrokerFixture, openBrokerFixture } from '#dev/testing/fixtures/broker-fixture.ts'
import { createSpace } from '#lib/features/spaces/use-cases/create-space.ts'
import type { Manifest } from '#lib/kernel/model/spaces/manifest.ts'
import { type Clusters, connectClusters } from '#lib/kube/client/cluster.ts'
import { readShippedRights } from '#lib/kube/fences/shipped-rights.ts'
import { applyObject } from '#lib/kube/objects/apply-object.ts'
import { deleteObject } from '#lib/kube/objects/delete-object.ts'
import { listRights } from '#lib/kube/rights/list-rights.ts'
import { metrics } from '#lib/observability/metrics.ts'
import { checkRights } from './check-rights.ts'
import { readClusterNotices } from './read-cluster-notices.ts'

/** On its own control plane: others' bindings on the shared one would be found too. */
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

test('rights that Spaceport did not grant are shown to platform admins and recorded in the trail until they are gone', async () => {
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
  // Leaves out what Spaceport itself installed and bound.
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

test('objects that only look like Spaceport’s, or grant more, are found; narrower ones and members’ own are not', async () => {
  const system = fixture.system({ clusters })
  const owner = await fixture.person('labeller')
  const name = 'labelled'
  await createSpace(fixture.as(owner, { clusters }), { name, description: '', size: 'S', endsAt: null })
  const check = () => checkRights(system, 'default')
  await expect.poll(check).toEqual([])

  const apiVersion = 'rbac.authorization.k8s.io/v1'
  const managed = { 'spaceport.dev/managed-by': 'spaceport' }
  const part = { 'app.kubernetes.io/part-of': 'spaceport' }
  const person = { kind: 'ServiceAccount', namespace: 'spaceport-users', name: owner.handle }
  const robot = { kind: 'ServiceAccount', namespace: 'default', name: 'robot' }
  const everybody = { apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: 'system:authenticated' }
  const roleRef = (kind: string, role: string) => ({ apiGroup: 'rbac.authorization.k8s.io', kind, name: role })
  const made: Manifest[] = [
    {
      ...{ apiVersion, kind: 'ClusterRoleBinding', metadata: { name: 'all-of-it', labels: managed } },
      ...{ roleRef: roleRef('ClusterRole', 'cluster-admin'), subjects: [person] },
    },
    {
      ...{ apiVersion, kind: 'ClusterRoleBinding', metadata: { name: 'for-everybody', labels: part } },
      ...{ roleRef: roleRef('ClusterRole', 'cluster-admin'), subjects: [everybody] },
    },
    {
      ...{ apiVersion, kind: 'ClusterRoleBinding', metadata: { name: 'as-gateway' } },
      ...{ roleRef: roleRef('ClusterRole', 'spaceport:gateway'), subjects: [robot] },
    },
    {
      ...{ apiVersion, kind: 'RoleBinding', metadata: { name: 'as-people', namespace: 'spaceport-users' } },
      ...{ roleRef: roleRef('Role', 'spaceport:impersonation'), subjects: [robot] },
    },
    {
      ...{ apiVersion, kind: 'RoleBinding' },
      metadata: { name: 'spaceport:admin', namespace: 'kube-system', labels: managed },
      ...{ roleRef: roleRef('ClusterRole', 'spaceport:admin'), subjects: [person] },
    },
    { apiVersion, kind: 'ClusterRole', metadata: { name: 'spaceport:root', labels: part }, rules: [] },
    // A member’s own object, which no fence keeps from having this name.
    { apiVersion, kind: 'Role', metadata: { name: 'mine', namespace: name, labels: part }, rules: [] },
    {
      ...{ apiVersion, kind: 'RoleBinding', metadata: { name: 'mine', namespace: name, labels: part } },
      roleRef: roleRef('Role', 'mine'),
      subjects: [{ kind: 'ServiceAccount', namespace: name, name: 'default' }],
    },
  ]
  for (const manifest of made) await applyObject(own.admin, manifest)
  const manifests = await readManifests()
  const shipped = (kind: string, of: string, namespace?: string) => {
    const found = manifests.find(
      ({ kind: is, metadata }) => is === kind && metadata.name === of && metadata.namespace === namespace,
    )
    if (!found) throw new Error(`there is no ${kind} ${of}`)
    return found
  }
  const rulesOf = ({ rules }: Manifest) => (Array.isArray(rules) ? rules : [])
  const install = (manifest: Manifest) => applyAs('spaceport-install', own.admin, manifest)
  const broker = shipped('ClusterRole', 'spaceport:broker')
  const gateway = shipped('ClusterRole', 'spaceport:gateway')
  const people = shipped('Role', 'spaceport:people', 'spaceport-users')
  const bound = shipped('ClusterRoleBinding', 'spaceport:broker')
  const more = (resource: string, verb: string) => [{ apiGroups: [''], resources: [resource], verbs: [verb] }]
  await install({ ...broker, rules: [...rulesOf(broker), ...more('secrets', 'get')] })
  // An operator may remove the right to list nodes (docs/own-cluster.md).
  await install({ ...gateway, rules: more('namespaces', 'list') })
  await install({ ...people, rules: [...rulesOf(people), ...more('serviceaccounts/token', 'create')] })
  await install({ ...bound, subjects: [...(Array.isArray(bound.subjects) ? bound.subjects : []), robot] })

  const notOurs = 'It is labelled as Spaceport’s, but Spaceport didn’t make it.'
  const found = [
    'ClusterRole spaceport:broker grants more than this version ships: get secrets.',
    'ClusterRole spaceport:root looks like Spaceport’s, but this version ships no such role.',
    `ClusterRoleBinding all-of-it grants ServiceAccount spaceport-users/${owner.handle} the ClusterRole cluster-admin. ${notOurs}`,
    'ClusterRoleBinding as-gateway grants ServiceAccount default/robot the ClusterRole spaceport:gateway, which only Spaceport’s own identities need.',
    `ClusterRoleBinding for-everybody grants Group system:authenticated the ClusterRole cluster-admin. ${notOurs}`,
    `ClusterRoleBinding spaceport:broker grants ServiceAccount default/robot, ServiceAccount spaceport-system/spaceport-broker the ClusterRole spaceport:broker. ${notOurs}`,
    'Role spaceport:people in spaceport-users grants more than this version ships: create serviceaccounts/token.',
    'RoleBinding as-people in spaceport-users grants ServiceAccount default/robot the Role spaceport:impersonation, which only Spaceport’s own identities need.',
    `RoleBinding spaceport:admin in kube-system grants ServiceAccount spaceport-users/${owner.handle} the ClusterRole spaceport:admin. ${notOurs}`,
  ].sort()
  const isBypass = (finding: string) => finding.includes('bypass')
  await expect.poll(async () => (await check()).filter((finding) => !isBypass(finding))).toEqual(found)

  for (const { kind, metadata } of made)
    await deleteObject(own.admin, {
      apiVersion,
      kind,
      name: metadata.name,
      ...(metadata.namespace && { namespace: metadata.namespace }),
    })
  for (const manifest of [broker, gateway, people, bound]) await install(manifest)
  await expect.poll(check).toEqual([])

  // A worker of this version on a cluster with the manifests of the previous one.
  await install({
    ...broker,
    rules: rulesOf(broker).map((rule) => ({
      ...rule,
      resources: rule.resources.filter((resource: string) => resource !== 'roles'),
    })),
  })
  await expect
    .poll(check)
    .toEqual(['Roles can’t be compared, because the broker may not list them: install this version’s manifests.'])
  await install(broker)
  await expect.poll(check).toEqual([])
})

test('extra rights of the proofs’ identity, the broker and the gateway, a space’s role for a whole cluster, and imitations of the chart’s test are found', async () => {
  const mapped = 'mapped'
  const handle = (await fixture.person('smoke')).handle
  const gitIdentities = [{ cluster: 'default', namespace: mapped, handle }]
  const check = () => checkRights(fixture.system({ clusters, gitIdentities }), 'default')
  await expect.poll(check).toEqual([])

  const apiVersion = 'rbac.authorization.k8s.io/v1'
  const labels = { 'app.kubernetes.io/part-of': 'spaceport' }
  const role = (namespace: string, verbs: string[], marked = labels): Manifest => ({
    ...{ apiVersion, kind: 'Role', metadata: { name: 'spaceport-test', namespace, labels: marked } },
    rules: [{ apiGroups: ['spaceport.dev'], resources: ['spaces'], verbs }],
  })
  const roleRef = (kind: string, name: string) => ({ apiGroup: 'rbac.authorization.k8s.io', kind, name })
  const account = (namespace: string, name: string) => ({ kind: 'ServiceAccount', namespace, name })
  const testBinding = (namespace: string): Manifest => ({
    ...{ apiVersion, kind: 'RoleBinding', metadata: { name: 'spaceport-test', namespace, labels } },
    roleRef: roleRef('Role', 'spaceport-test'),
    subjects: [account('spaceport-system', 'spaceport-test')],
  })
  const across = (name: string, to: string, subject: object): Manifest => ({
    ...{ apiVersion, kind: 'ClusterRoleBinding', metadata: { name } },
    ...{ roleRef: roleRef('ClusterRole', to), subjects: [subject] },
  })
  await applyObject(own.admin, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: mapped } })

  // As in the chart while its test runs.
  const verbs = ['create', 'get', 'delete']
  for (const manifest of [role(mapped, verbs), testBinding(mapped)]) await applyObject(own.admin, manifest)
  const readsBinding = async () =>
    (await listRights(own.broker, await readShippedRights())).bindings.some(({ namespace }) => namespace === mapped)
  await expect.poll(readsBinding).toBe(true)
  await expect.poll(check).toEqual([])
  // The Role has no label, and grants more.
  await applyObject(own.admin, role(mapped, ['*'], {} as typeof labels))
  const made = [
    across('as-proof', 'cluster-admin', account('spaceport-users', 'spaceport-fence-proof')),
    across('as-broker', 'edit', account('spaceport-system', 'spaceport-broker')),
    across('as-gateway', 'edit', { kind: 'User', name: 'system:serviceaccount:spaceport-system:spaceport-gateway' }),
    across('in-all-spaces', 'spaceport:admin', { kind: 'User', name: 'stranger' }),
    role('kube-system', verbs),
    testBinding('kube-system'),
  ]
  for (const manifest of made) await applyObject(own.admin, manifest)
  const test = 'grants ServiceAccount spaceport-system/spaceport-test the Role spaceport-test.'
  const notOurs = 'It is labelled as Spaceport’s, but Spaceport didn’t make it.'
  await expect
    .poll(check)
    .toEqual(
      [
        'ClusterRoleBinding as-broker grants spaceport-broker the ClusterRole edit.',
        'ClusterRoleBinding as-gateway grants system:serviceaccount:spaceport-system:spaceport-gateway the ClusterRole edit.',
        'ClusterRoleBinding as-proof grants spaceport-fence-proof the ClusterRole cluster-admin.',
        'ClusterRoleBinding as-proof lets ServiceAccount spaceport-fence-proof bypass Spaceport’s admission policies.',
        'ClusterRoleBinding in-all-spaces grants User stranger the ClusterRole spaceport:admin, which Spaceport binds only inside of spaces.',
        'Role spaceport-test in kube-system looks like Spaceport’s, but this version ships no such role.',
        `RoleBinding spaceport-test in kube-system ${test} ${notOurs}`,
        `RoleBinding spaceport-test in ${mapped} ${test} ${notOurs}`,
      ].sort(),
    )
  for (const { kind, metadata } of [...made, role(mapped, verbs), testBinding(mapped)])
    await deleteObject(own.admin, {
      ...{ apiVersion, kind, name: metadata.name },
      ...(metadata.namespace && { namespace: metadata.namespace }),
    })
  await expect.poll(check).toEqual([])
})
