/** Uses the tokens of broker and gateway on a cluster, and tests each sentence about them in identities.ts. */
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest'
import { z } from 'zod'
import { readManifests } from '#dev/cluster/install.ts'
import { openOwnCluster } from '#dev/testing/cluster/own-cluster.ts'
import { type BrokerFixture, openBrokerFixture } from '#dev/testing/fixtures/broker-fixture.ts'
import { expectDone, expectRefused, thief } from '#dev/testing/fixtures/thief.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { createSpace } from '#lib/features/spaces/use-cases/create-space.ts'
import { deleteSpace } from '#lib/features/spaces/use-cases/delete-space.ts'
import { readSpace } from '#lib/features/spaces/use-cases/read-space.ts'
import type { Actor } from '#lib/kernel/model/people/person.ts'
import { repairDrift } from '#lib/kernel/reconcile/repair-drift.ts'
import { request } from '#lib/kube/client/request.ts'
import { applyObject } from '#lib/kube/objects/apply-object.ts'
import { deleteObject } from '#lib/kube/objects/delete-object.ts'
import { stolenIdentities } from './identities.ts'

let portal: BrokerFixture
let ann: Actor
let mallory: Actor
let spaceId: string
const space = uniqueName('stolen')
const plain = uniqueName('plain')
const admin = () => thief(inject('kubeAdmin'))

beforeAll(async () => {
  portal = await openBrokerFixture()
  ;[ann, mallory] = await Promise.all([portal.person('ann'), portal.person('mallory')])
  await createSpace(portal.as(ann), { name: space, description: '', size: 'S', endsAt: null })
  spaceId = (await readSpace(portal.as(ann), { name: space })).id
  expectDone(await admin()(['create', 'secret', 'generic', 'kept', '--from-literal=word=hush', '-n', space]))
  expectDone(await admin()(['create', 'namespace', plain]))
})
afterAll(async () => {
  await deleteSpace(portal.as(ann), { space: { name: space }, confirmation: space })
  await admin()(['delete', 'namespace', plain, '--wait=false'])
  await portal.close()
})

const userOf = (handle: string, namespace = 'spaceport-users') => `system:serviceaccount:${namespace}:${handle}`
const personOf = (handle: string) => ({ kind: 'ServiceAccount', name: handle, namespace: 'spaceport-users' })
const binding = (role: string, namespace: string, subject: object) => ({
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'RoleBinding',
  metadata: { name: role, namespace, labels: { 'spaceport.dev/managed-by': 'spaceport' } },
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role },
  subjects: [subject],
})
const spaceLabels = (name: string) => ({
  'spaceport.dev/managed-by': 'spaceport',
  'spaceport.dev/space-id': randomUUID(),
  'spaceport.dev/space': name,
  'pod-security.kubernetes.io/enforce': 'baseline',
})
const namespace = (name: string) => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, labels: spaceLabels(name) },
})
const create = ['create', '-f', '-']
const apply = ['apply', '--server-side', '--force-conflicts', '--field-manager=spaceport', '-f', '-']
const readSecret = ['get', 'secret', 'kept', '-n', space, '-o', 'jsonpath={.data.word}']
const patient = { timeout: 30_000, interval: 100 }

/** Waits until one line of the cluster's audit log contains all of this. */
const auditLogSays = (...parts: readonly string[]): Promise<void> =>
  vi.waitFor(() => {
    const lines = readFileSync(inject('auditLog'), 'utf8').split('\n')
    expect(lines.some((line) => parts.every((part) => line.includes(part)))).toBe(true)
  }, patient)

describe(stolenIdentities.brokerToken.name, () => {
  const broker = thief(inject('kubeBroker'))

  test.each([
    'namespaces',
    'resourcequotas',
    'limitranges',
    'networkpolicies',
    'rolebindings',
    'clusterroles',
    'clusterrolebindings',
    'nodes',
  ])('sees all %s', async (kind) => {
    expectDone(await broker(['get', kind, '--all-namespaces', '-o', 'name']))
  })

  test('asks what anyone may do', async () => {
    const resourceAttributes = { namespace: space, verb: 'get', resource: 'secrets' }
    const review = {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SubjectAccessReview',
      spec: { user: userOf(ann.handle), resourceAttributes },
    }
    expect((await broker([...create, '-o', 'jsonpath={.status.allowed}'], review)).all).toBe('true')
  })

  test('sees what all pods use', async () => {
    expectDone(await broker(['get', '--raw', '/apis/metrics.k8s.io/v1beta1/pods']))
  })

  test('reads pods, events and workloads as the reader of health, and nothing else', async () => {
    const asHealth = thief(inject('kubeBroker'), '--as=system:serviceaccount:spaceport-system:spaceport-health')
    for (const kinds of ['pods', 'events', 'deployments,statefulsets,daemonsets,replicasets,jobs,cronjobs'])
      expectDone(await asHealth(['get', kinds, '--all-namespaces', '-o', 'name']))
    for (const kind of ['secrets', 'configmaps', 'services', 'namespaces'])
      expectRefused(await asHealth(['get', kind, '--all-namespaces']), /cannot list resource/)
    expectRefused(await asHealth(['get', 'pods', 'x', '-n', space]), /cannot get resource "pods"/)
    expectRefused(await asHealth(['delete', '--raw', `/api/v1/namespaces/${space}/pods`]), /cannot deletecollection/)
    expectRefused(await asHealth(['get', '--raw', `/api/v1/namespaces/${space}/pods/x/log`]), /cannot get resource/)
    const gateway = thief(inject('kubeGateway'), '--as=system:serviceaccount:spaceport-system:spaceport-health')
    expectRefused(await gateway(['get', '--raw', `/api/v1/namespaces/${space}/pods`]), /Forbidden/)
  })

  test('makes and deletes a space', async () => {
    const name = uniqueName('forged')
    expectDone(await broker(create, namespace(name)))
    expectDone(await broker(['delete', 'namespace', name, '--wait=false']))
  })

  test('gives anyone access and acts as them, which the audit log shows; the worker reverts what the database doesn’t have', async () => {
    const asMallory = thief(inject('kubeBroker'), `--as=${userOf(mallory.handle)}`)
    expectRefused(await asMallory(readSecret), /cannot get resource "secrets"/)
    expectDone(await broker(apply, binding('spaceport:admin', space, personOf(mallory.handle))))
    await vi.waitFor(async () => expect((await asMallory(readSecret)).out).toBe('aHVzaA=='), patient)
    const self = userOf('spaceport-broker', 'spaceport-system')
    await auditLogSays(self, userOf(mallory.handle), '"resource":"secrets"', `"namespace":"${space}"`)

    expect(await repairDrift(portal.system(), spaceId)).toEqual(['RoleBinding/spaceport:admin'])
    await vi.waitFor(async () => expectRefused(await asMallory(readSecret), /cannot get resource "secrets"/), patient)
  })

  test('loosens a space’s limits and isolation, until they are restored', async () => {
    const labels = { 'spaceport.dev/managed-by': 'spaceport' }
    const metadata = { name: 'spaceport', namespace: space, labels }
    const quota = { apiVersion: 'v1', kind: 'ResourceQuota', metadata, spec: { hard: { pods: '999' } } }
    expectDone(await broker(apply, quota))
    expectDone(await broker(['delete', 'networkpolicy', 'spaceport-isolation', '-n', space, '--wait=false']))
    expect((await repairDrift(portal.system(), spaceId)).sort()).toEqual([
      'NetworkPolicy/spaceport-isolation',
      'ResourceQuota/spaceport',
    ])
  })

  const asUser = { apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'x' }
  const asRobot = { kind: 'ServiceAccount', name: 'x', namespace: 'default' }
  const labels = Object.entries(spaceLabels(plain)).map(([name, value]) => `${name}=${value}`)
  test.each<[what: string, why: RegExp, args: string[], input?: object]>([
    ['change a namespace that isn’t a space', /carries Spaceport's labels/, ['label', 'namespace', plain, 'a=b']],
    ['create a space of a namespace', /is not a space/, ['label', 'namespace', plain, ...labels]],
    ['delete a namespace that isn’t a space', /is not a space/, ['delete', 'namespace', plain]],
    [
      'write outside of spaces',
      /only inside of spaces/,
      apply,
      binding('spaceport:viewer', plain, personOf('mallory-123abc')),
    ],
    [
      'bind another role',
      /attempting to grant RBAC permissions not currently held/,
      create,
      binding('cluster-admin', space, personOf('mallory-123abc')),
    ],
    ['bind a user', /only to people/, apply, binding('spaceport:viewer', space, asUser)],
    ['bind a ServiceAccount', /only to people/, apply, binding('spaceport:viewer', space, asRobot)],
    ['read secrets', /cannot list resource "secrets"/, ['get', 'secrets', '-n', space]],
    ['read pods', /cannot list resource "pods"/, ['get', 'pods', '-n', space]],
    ['read what nodes use', /cannot list resource "nodes"/, ['top', 'nodes']],
    [
      'reach a kubelet',
      /cannot get resource "nodes\/proxy"/,
      ['get', '--raw', '/api/v1/nodes/development-node/proxy/pods'],
    ],
    ['change a node', /cannot (?:get|patch) resource "nodes"/, ['label', 'node', 'development-node', 'a=b']],
    ['create a person’s token', /cannot create .*serviceaccounts/, ['create', 'token', 'x', '-n', 'spaceport-users']],
    [
      'create a token for itself',
      /cannot create .*serviceaccounts/,
      ['create', 'token', 'spaceport-broker', '-n', 'spaceport-system'],
    ],
    ['take a fence away', /cannot delete resource/, ['delete', 'validatingadmissionpolicy', 'spaceport-broker']],
    ['unbind a fence', /cannot delete resource/, ['delete', 'validatingadmissionpolicybinding', 'spaceport-broker']],
    ['change a fence', /cannot patch resource/, ['label', 'validatingadmissionpolicy', 'spaceport-broker', 'a=b']],
    [
      'give itself a role on the cluster',
      /cannot create resource "clusterrolebindings"/,
      ['create', 'clusterrolebinding', 'x', '--clusterrole=cluster-admin', '--user=x'],
    ],
    ['act as a user', /cannot impersonate/, ['get', 'pods', '--as=admin']],
    [
      'act as the cluster’s admins',
      /cannot impersonate/,
      ['get', 'pods', `--as=${userOf('x')}`, '--as-group=system:masters'],
    ],
  ])('can’t %s', async (_what, why, args, input) => {
    expectRefused(await broker(args, input), why)
  })
})

describe(stolenIdentities.gatewayToken.name, () => {
  const gateway = thief(inject('kubeGateway'))

  test('acts as any person with that person’s rights, and the audit log shows both', async () => {
    expect((await gateway([...readSecret, `--as=${userOf(ann.handle)}`])).out).toBe('aHVzaA==')
    expectRefused(await gateway([...readSecret, `--as=${userOf(mallory.handle)}`]), /cannot get resource "secrets"/)
    const self = userOf('spaceport-gateway', 'spaceport-system')
    await auditLogSays(self, userOf(ann.handle), '"resource":"secrets"', `"namespace":"${space}"`)
  })

  test('lists all namespaces, with their labels and annotations', async () => {
    const { out } = await gateway(['get', 'namespaces', '-o', 'json'])
    expect(out).toContain(`"spaceport.dev/owner": "${ann.handle}"`)
    expect(out).toContain(`"${plain}"`)
  })

  test('lists the objects that declare spaces, and does nothing else with them', async () => {
    const spaces = 'spaces.spaceport.dev'
    expect((await gateway(['get', spaces, '-A', '-o', 'name'])).code).toBe(0)
    for (const verb of ['get', 'watch', 'create', 'patch', 'update', 'delete', 'deletecollection'])
      expect((await gateway(['auth', 'can-i', verb, spaces, '-A'])).out.trim(), verb).toBe('no')
    for (const verb of ['get', 'patch', 'update'])
      expect((await gateway(['auth', 'can-i', verb, spaces, '--subresource=status', '-A'])).out.trim(), verb).toBe('no')
  })

  test.each([
    ['a user', '--as=admin'],
    ['a ServiceAccount elsewhere', `--as=${userOf('default', 'kube-system')}`],
    ['the broker', `--as=${userOf('spaceport-broker', 'spaceport-system')}`],
    ['the cluster’s admins', '--as=x', '--as-group=system:masters'],
    ['a person among the cluster’s admins', `--as=${userOf('x')}`, '--as-group=system:masters'],
  ])('is never %s', async (_who, ...flags) => {
    expectRefused(await gateway(['get', 'pods', '-n', space, ...flags]), /cannot impersonate/)
  })

  test.each<[what: string, why: RegExp, args: string[], input?: object]>([
    ['create a space', /cannot create resource "namespaces"/, create, namespace('forged')],
    [
      'give someone access',
      /cannot patch resource "rolebindings"/,
      apply,
      binding('spaceport:viewer', space, personOf('mallory-123abc')),
    ],
    ['read secrets', /cannot list resource "secrets"/, ['get', 'secrets', '-n', space]],
    ['read what pods use', /cannot list resource "pods"/, ['get', 'pods.metrics.k8s.io', '-n', space]],
    ['see nodes', /cannot list resource "nodes"/, ['get', 'nodes']],
  ])('can’t %s as itself', async (_what, why, args, input) => {
    expectRefused(await gateway(args, input), why)
  })
})

test('a new token revokes no earlier one; a new ServiceAccount does', async () => {
  const own = await openOwnCluster()
  try {
    const list = () => request(own.gateway, { method: 'GET', path: '/api/v1/namespaces' }, z.unknown())
    const account = {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      name: 'spaceport-gateway',
      namespace: 'spaceport-system',
    }
    const path = `/api/v1/namespaces/${account.namespace}/serviceaccounts/${account.name}/token`
    const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} }
    await request(own.admin, { method: 'POST', path, body }, z.unknown())
    await list()
    await deleteObject(own.admin, account)
    for (const manifest of await readManifests())
      if (manifest.kind === account.kind) await applyObject(own.admin, manifest)
    // The API server caches for about ten seconds who a token belongs to.
    await vi.waitFor(() => expect(list()).rejects.toMatchObject({ httpStatus: 401 }), {
      timeout: 30_000,
      interval: 500,
    })
    expect(await request(own.admin, { method: 'POST', path, body }, z.unknown())).toBeTruthy()
  } finally {
    await own.close()
  }
}, 400_000)
