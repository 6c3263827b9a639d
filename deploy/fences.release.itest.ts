import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { deletePerson } from '#dev/testing/database/delete-person.ts'
import { openClusterFixture, testMember } from '#dev/testing/fixtures/cluster-fixture.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import type { Manifest } from '#lib/kernel/model/spaces/manifest.ts'
import type { Cluster } from '#lib/kube/client/cluster.ts'
import { ApiServerError, type KubeRequest, renderHeaders, request } from '#lib/kube/client/request.ts'
import { proveFences } from '#lib/kube/fences/prove-fences.ts'
import { applyObject } from '#lib/kube/objects/apply-object.ts'
import { deleteNamespace } from '#lib/kube/objects/delete-namespace.ts'
import { deleteObject } from '#lib/kube/objects/delete-object.ts'
import { findNamespace } from '#lib/kube/objects/find-namespace.ts'
import { applyPerson } from '#lib/kube/people/apply-person.ts'

/**
 * The fences on the real API server: what they refuse to the broker, and to a subject with all rights on all relevant
 * kinds that is not exempt. (What they refuse to members: space-admin.release.itest.ts.)
 */
const fixture = openClusterFixture()
const { admin, broker } = fixture
const operator = testMember('operator')
const exempt = testMember('exempt')
const robot = testMember('robot')
type Space = Awaited<ReturnType<typeof fixture.makeSpace>>
let space: Space
let deletable: Space
const unlabelled = uniqueName('plain')
const cannotBeMade = uniqueName('made')
const operatorRole = uniqueName('operator')
const exemptRole = uniqueName('exempt')
const made: Manifest[] = []

const clusterRole = (name: string, rules: unknown[]): Manifest => ({
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRole',
  metadata: { name },
  rules,
})
const clusterBinding = (name: string, handles: readonly string[]): Manifest => ({
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRoleBinding',
  metadata: { name },
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name },
  subjects: handles.map((name_) => ({ kind: 'ServiceAccount', name: name_, namespace: 'spaceport-users' })),
})

beforeAll(async () => {
  ;[space, deletable] = await Promise.all([fixture.makeSpace(), fixture.makeSpace()])
  await applyPerson(broker, robot)
  const everything = { resources: ['*'], verbs: ['*'] }
  const apiGroups = ['', 'apps', 'batch', 'networking.k8s.io', 'rbac.authorization.k8s.io']
  made.push(
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: unlabelled } },
    clusterRole(operatorRole, [{ apiGroups, ...everything }]),
    clusterBinding(operatorRole, [operator.handle, exempt.handle]),
    clusterRole(exemptRole, [{ apiGroups: ['spaceport.dev'], resources: ['fences'], verbs: ['override'] }]),
    clusterBinding(exemptRole, [exempt.handle]),
  )
  for (const manifest of made) await applyObject(admin, manifest)
})

afterAll(async () => {
  await Promise.allSettled(made.map(({ metadata, ...rest }) => deleteObject(admin, { ...rest, ...metadata })))
  await deletePerson(broker, robot.handle)
  await fixture.close()
})

type Ask = () => Omit<KubeRequest, 'as'>

/** @returns the policy that refused, `RBAC` if the right itself is missing, or `allowed` */
async function refuserOf(cluster: Cluster, asked: KubeRequest): Promise<string> {
  try {
    await request(cluster, asked, z.unknown())
    return 'allowed'
  } catch (error) {
    if (!(error instanceof ApiServerError)) throw error
    const policy = /ValidatingAdmissionPolicy '([^']+)'/.exec(error.statusMessage)?.[1]
    return policy && error.httpStatus === 403 ? policy : `${error.httpStatus} ${error.statusMessage}`
  }
}

const asBroker = (asked: Ask) => refuserOf(broker, asked())
const as = (person: typeof operator, asked: Ask) => refuserOf(admin, { ...asked(), as: person })

const dry = { dryRun: 'All' }
const rbac = (namespace: string, resource: string) =>
  `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/${resource}`
const core = (namespace: string, resource: string) => `/api/v1/namespaces/${namespace}/${resource}`
const post = (path: string, body: unknown): Omit<KubeRequest, 'as'> => ({ method: 'POST', path, query: dry, body })
const remove = (path: string): Omit<KubeRequest, 'as'> => ({ method: 'DELETE', path, query: dry })
const merge = (path: string, body: unknown): Omit<KubeRequest, 'as'> => ({
  method: 'PATCH',
  path,
  query: dry,
  contentType: 'application/merge-patch+json',
  body,
})
const apply = (path: string, body: unknown): Omit<KubeRequest, 'as'> => ({
  method: 'PATCH',
  path,
  query: { ...dry, fieldManager: 'spaceport', force: 'true' },
  contentType: 'application/apply-patch+yaml',
  body,
})

const marks = {
  'spaceport.dev/managed-by': 'spaceport',
  'spaceport.dev/space-id': 'x',
  'spaceport.dev/space': 'x',
  'pod-security.kubernetes.io/enforce': 'baseline',
}
const ours = { 'spaceport.dev/managed-by': 'spaceport' }
const namespace = (name: string, labels: Record<string, string> = {}, annotations: Record<string, string> = {}) => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, labels, annotations },
})
const labelling = (labels: Record<string, string | null>) => ({ metadata: { labels } })
const person = { kind: 'ServiceAccount', name: 'alice-123abc', namespace: 'spaceport-users' }
const binding = (role: string, subjects: unknown[], metadata: Record<string, unknown> = {}) => ({
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'RoleBinding',
  metadata: { name: role, labels: ours, ...metadata },
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role },
  subjects,
})
const quota = (labels: Record<string, string>) => ({
  apiVersion: 'v1',
  kind: 'ResourceQuota',
  metadata: { name: 'made', labels },
  spec: { hard: { pods: '1' } },
})
const account = (changed: Record<string, unknown> = {}, labels: Record<string, string> = ours) => ({
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  metadata: { name: cannotBeMade, labels },
  automountServiceAccountToken: false,
  ...changed,
})
const pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'thief' },
  spec: {
    serviceAccountName: 'default',
    securityContext: { runAsNonRoot: true, runAsUser: 1, seccompProfile: { type: 'RuntimeDefault' } },
    containers: [
      {
        name: 'c',
        image: 'c',
        securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
      },
    ],
  },
}
const token = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} }
const tokenSecret = (of: string) => ({
  apiVersion: 'v1',
  kind: 'Secret',
  type: 'kubernetes.io/service-account-token',
  metadata: { name: 'made', annotations: { 'kubernetes.io/service-account.name': of } },
})

const nodePort = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'made' },
  spec: { type: 'NodePort', ports: [{ port: 80 }] },
}

test('all fences are in force', async () => {
  await expect(proveFences(broker)).resolves.toBeUndefined()
})

describe('objects in a space that Spaceport didn’t create', () => {
  const name = uniqueName('theirs')
  const others: { path: string; body: Manifest }[] = []
  beforeAll(async () => {
    const metadata = { name, namespace: space.namespace }
    const at = (group: string, plural: string) => `${group}/namespaces/${space.namespace}/${plural}/${name}`
    others.push(
      {
        path: at('/api/v1', 'resourcequotas'),
        body: { apiVersion: 'v1', kind: 'ResourceQuota', metadata, spec: { hard: { pods: '1' } } },
      },
      {
        path: at('/api/v1', 'limitranges'),
        body: {
          apiVersion: 'v1',
          kind: 'LimitRange',
          metadata,
          spec: { limits: [{ type: 'Pod', max: { cpu: '1' } }] },
        },
      },
      {
        path: at('/apis/networking.k8s.io/v1', 'networkpolicies'),
        body: { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata, spec: { podSelector: {} } },
      },
      {
        path: at('/apis/rbac.authorization.k8s.io/v1', 'rolebindings'),
        body: {
          apiVersion: 'rbac.authorization.k8s.io/v1',
          kind: 'RoleBinding',
          metadata,
          roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'spaceport:viewer' },
          subjects: [],
        },
      },
    )
    for (const { body } of others) await applyObject(admin, body)
  })

  test.each([
    ['labelling it', (path: string) => merge(path, labelling(ours))],
    ['changing it', (path: string) => merge(path, { metadata: { annotations: { a: 'b' } } })],
    [
      'applying over it',
      (path: string, body: Manifest) => apply(path, { ...body, metadata: { ...body.metadata, labels: ours } }),
    ],
    [
      'replacing it',
      (path: string, body: Manifest) => ({
        method: 'PATCH' as const,
        path,
        query: dry,
        contentType: 'application/json-patch+json',
        body: [{ op: 'replace', path: '/metadata/labels', value: { ...body.metadata.labels, ...ours } }],
      }),
    ],
    ['deleting it', (path: string) => remove(path)],
  ])('are closed to the broker: %s', async (_what, asked) => {
    for (const { path, body } of others)
      expect([path, await asBroker(() => asked(path, body))]).toEqual([path, 'spaceport-broker'])
  })
})

describe('the broker', () => {
  test.each<[string, Ask]>([
    ['create a namespace without our labels', () => post('/api/v1/namespaces', namespace('made'))],
    ['create a namespace without a space’s id', () => post('/api/v1/namespaces', namespace('made', ours))],
    [
      'create a namespace that does not restrict its pods',
      () =>
        post('/api/v1/namespaces', namespace('made', { ...marks, 'pod-security.kubernetes.io/enforce': 'privileged' })),
    ],
    ['make kube-anything', () => post('/api/v1/namespaces', namespace('kube-made', marks))],
    ['make spaceport-anything', () => post('/api/v1/namespaces', namespace('spaceport-made', marks))],
    ['adopt a namespace', () => merge(`/api/v1/namespaces/${unlabelled}`, labelling(marks))],
    ['adopt a namespace by applying', () => apply(`/api/v1/namespaces/${unlabelled}`, namespace(unlabelled, marks))],
    ['adopt kube-system', () => merge('/api/v1/namespaces/kube-system', labelling(marks))],
    ['delete a namespace that is not ours', () => remove(`/api/v1/namespaces/${unlabelled}`)],
    [
      'turn one space into another',
      () => merge(`/api/v1/namespaces/${space.namespace}`, labelling({ 'spaceport.dev/space-id': 'other' })),
    ],
    [
      'release a space',
      () => merge(`/api/v1/namespaces/${space.namespace}`, labelling({ 'spaceport.dev/managed-by': null })),
    ],
    [
      'lift the restrictions on a space’s pods',
      () =>
        merge(
          `/api/v1/namespaces/${space.namespace}`,
          labelling({ 'pod-security.kubernetes.io/enforce': 'privileged' }),
        ),
    ],
    ['write into a namespace that isn’t a space', () => post(core(unlabelled, 'resourcequotas'), quota(ours))],
    ['write an unlabelled object into a space', () => post(core(space.namespace, 'resourcequotas'), quota({}))],
    [
      'bind a role outside of spaces',
      () => post(rbac(unlabelled, 'rolebindings'), binding('spaceport:viewer', [person])),
    ],
    [
      'bind a user',
      () =>
        post(
          rbac(space.namespace, 'rolebindings'),
          binding('spaceport:viewer', [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'x' }]),
        ),
    ],
    [
      'bind a group',
      () =>
        post(
          rbac(space.namespace, 'rolebindings'),
          binding('spaceport:viewer', [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: 'x' }]),
        ),
    ],
    [
      'bind a ServiceAccount of another namespace',
      () =>
        post(
          rbac(space.namespace, 'rolebindings'),
          binding('spaceport:viewer', [{ ...person, namespace: 'kube-system' }]),
        ),
    ],
    [
      'bind a role under another’s name',
      () =>
        post(
          rbac(space.namespace, 'rolebindings'),
          binding('spaceport:editor', [person], { name: 'spaceport:viewer' }),
        ),
    ],
    ['create an unlabelled ServiceAccount', () => post(core('spaceport-users', 'serviceaccounts'), account({}, {}))],
    [
      'create a person with a mounted token',
      () => post(core('spaceport-users', 'serviceaccounts'), account({ automountServiceAccountToken: true })),
    ],
    ['adopt a ServiceAccount', () => merge(core('spaceport-users', 'serviceaccounts/default'), labelling(ours))],
    ['delete a ServiceAccount that is no person', () => remove(core('spaceport-users', 'serviceaccounts/default'))],
  ])('can’t %s', async (_what, asked) => {
    expect(await asBroker(asked)).toBe('spaceport-broker')
  })

  test('can’t bind a role among people', async () => {
    const asked = post(rbac('spaceport-users', 'rolebindings'), binding('spaceport:viewer', [person]))
    // Several fences refuse it, and the API server names one of them.
    expect(await refuserOf(broker, asked)).toMatch(/^spaceport-(broker|bindings|identities)$/)
  })

  test.each<[string, Ask]>([
    ['create a space’s namespace', () => post('/api/v1/namespaces', namespace(cannotBeMade, marks))],
    [
      'bind people',
      () => apply(rbac(space.namespace, 'rolebindings/spaceport:viewer'), binding('spaceport:viewer', [person])),
    ],
    ['write a quota with a free name', () => apply(core(space.namespace, 'resourcequotas/made'), quota(ours))],
    [
      'change its quota',
      () => merge(core(space.namespace, 'resourcequotas/spaceport'), { spec: { hard: { pods: '7' } } }),
    ],
    ['write a person', () => post(core('spaceport-users', 'serviceaccounts'), account())],
    ['delete a person', () => remove(core('spaceport-users', `serviceaccounts/${robot.handle}`))],
    ['delete a space’s namespace', () => remove(`/api/v1/namespaces/${space.namespace}`)],
  ])('can %s', async (_what, asked) => {
    expect(await asBroker(asked)).toBe('allowed')
  })
})

test('the identity that proves the fences can’t create a Secret of any type', async () => {
  const prover = { handle: 'spaceport-fence-proof', email: 'spaceport-fence-proof' }
  const secret = { apiVersion: 'v1', kind: 'Secret', type: 'Opaque', metadata: { name: 'made' } }
  const asked = { ...post(core('spaceport-users', 'secrets'), secret), as: prover }
  expect(await refuserOf(broker, asked)).toBe('spaceport-tokens')
})

describe('someone with all rights who is not exempt', () => {
  const refused: [fence: string, what: string, asked: Ask][] = [
    [
      'spaceport-labels',
      'create a namespace that looks like a space',
      () => post('/api/v1/namespaces', namespace('made', marks)),
    ],
    [
      'spaceport-labels',
      'create a namespace with one of our annotations',
      () => post('/api/v1/namespaces', namespace('made', {}, { 'spaceport.dev/creation': 'x' })),
    ],
    [
      'spaceport-labels',
      'turn a namespace into a space',
      () => merge(`/api/v1/namespaces/${unlabelled}`, labelling(marks)),
    ],
    [
      'spaceport-labels',
      'put our label without a value on a namespace',
      () => merge(`/api/v1/namespaces/${unlabelled}`, labelling({ 'spaceport.dev/managed-by': '' })),
    ],
    [
      'spaceport-labels',
      'turn a namespace into a space through its status',
      () => merge(`/api/v1/namespaces/${unlabelled}/status`, labelling(marks)),
    ],
    [
      'spaceport-labels',
      'take our label from a space',
      () => merge(`/api/v1/namespaces/${space.namespace}`, labelling({ 'spaceport.dev/managed-by': null })),
    ],
    [
      'spaceport-labels',
      'change a space’s owner',
      () =>
        merge(`/api/v1/namespaces/${space.namespace}`, { metadata: { annotations: { 'spaceport.dev/owner': 'me' } } }),
    ],
    [
      'spaceport-labels',
      'lift the restrictions on a space’s pods',
      () =>
        merge(
          `/api/v1/namespaces/${space.namespace}`,
          labelling({ 'pod-security.kubernetes.io/enforce': 'privileged' }),
        ),
    ],
    [
      'spaceport-labels',
      'remove the pod security level from a space',
      () => merge(`/api/v1/namespaces/${space.namespace}`, labelling({ 'pod-security.kubernetes.io/enforce': null })),
    ],
    [
      'spaceport-managed',
      'widen a quota',
      () => merge(core(space.namespace, 'resourcequotas/spaceport'), { spec: { hard: { pods: '999' } } }),
    ],
    ['spaceport-managed', 'delete a quota', () => remove(core(space.namespace, 'resourcequotas/spaceport'))],
    ['spaceport-managed', 'delete limits', () => remove(core(space.namespace, 'limitranges/spaceport'))],
    [
      'spaceport-managed',
      'falsify a quota’s status',
      () => merge(core(space.namespace, 'resourcequotas/spaceport/status'), { status: { used: { pods: '0' } } }),
    ],
    ['spaceport-managed', 'label an object as ours', () => post(core(space.namespace, 'resourcequotas'), quota(ours))],
    ['spaceport-managed', 'delete a person', () => remove(core('spaceport-users', `serviceaccounts/${robot.handle}`))],
    [
      'spaceport-bindings',
      'bind a person to a space',
      () => post(rbac(space.namespace, 'rolebindings'), binding('view', [person], { labels: {} })),
    ],
    [
      'spaceport-tokens',
      'create a token that never expires in a space',
      () => post(core(space.namespace, 'secrets'), tokenSecret('default')),
    ],
    [
      'spaceport-tokens',
      'create a token that never expires for the broker',
      () => post(core('spaceport-system', 'secrets'), tokenSecret('spaceport-broker')),
    ],
    [
      'spaceport-identities',
      'issue a token for a person',
      () => post(core('spaceport-users', `serviceaccounts/${robot.handle}/token`), token),
    ],
    [
      'spaceport-identities',
      'issue a token for the broker',
      () => post(core('spaceport-system', 'serviceaccounts/spaceport-broker/token'), token),
    ],
    ['spaceport-identities', 'run a pod among people', () => post(core('spaceport-users', 'pods'), pod)],
    ['spaceport-identities', 'run a pod as Spaceport', () => post(core('spaceport-system', 'pods'), pod)],
    [
      'spaceport-identities',
      'run a job among people',
      () =>
        post('/apis/batch/v1/namespaces/spaceport-users/jobs', {
          apiVersion: 'batch/v1',
          kind: 'Job',
          metadata: { name: 'thief' },
          spec: { template: { spec: { ...pod.spec, restartPolicy: 'Never' } } },
        }),
    ],
    [
      'spaceport-identities',
      'create a Role among people',
      () =>
        post(rbac('spaceport-users', 'roles'), {
          apiVersion: 'rbac.authorization.k8s.io/v1',
          kind: 'Role',
          metadata: { name: 'made' },
          rules: [{ apiGroups: [''], resources: ['serviceaccounts'], verbs: ['impersonate'] }],
        }),
    ],
    [
      'spaceport-identities',
      'add a ServiceAccount among people',
      () => post(core('spaceport-users', 'serviceaccounts'), account({}, {})),
    ],
    ['spaceport-reach', 'open a node port in a space', () => post(core(space.namespace, 'services'), nodePort)],
    [
      'spaceport-reach',
      'open the way from a space’s pods to the nodes’ credentials',
      () =>
        post(`/apis/networking.k8s.io/v1/namespaces/${space.namespace}/networkpolicies`, {
          apiVersion: 'networking.k8s.io/v1',
          kind: 'NetworkPolicy',
          metadata: { name: 'made' },
          spec: { podSelector: {}, policyTypes: ['Egress'], egress: [{}] },
        }),
    ],
  ]

  test.each(refused)('is refused by %s: %s', async (fence, _what, asked) => {
    // A policy takes effect within a second of being written; these are dry runs.
    await vi.waitFor(async () => expect(await as(operator, asked)).toBe(fence), { timeout: 30_000, interval: 100 })
  })

  test('can’t change who has a role', async () => {
    const asked = merge(rbac(space.namespace, 'rolebindings/spaceport:admin'), { subjects: [person] })
    // Two fences refuse it, and the API server names one of them.
    const refusal = /^spaceport-(managed|bindings)$/
    await vi.waitFor(async () => expect(await refuserOf(admin, { ...asked, as: operator })).toMatch(refusal), 30_000)
  })

  test('can’t turn a namespace into a space through its finalizers (spaceport-labels)', async () => {
    const { dispatcher, headers } = await admin.connection.credentials('call', AbortSignal.timeout(10_000))
    const answer = await dispatcher.request({
      origin: admin.serverUrl,
      path: `/api/v1/namespaces/${unlabelled}/finalize?dryRun=All`,
      method: 'PUT',
      headers: renderHeaders({ ...headers, 'content-type': 'application/json' }, operator),
      body: JSON.stringify(namespace(unlabelled, marks)),
    })
    expect(answer.statusCode).toBe(403)
    expect(await answer.body.text()).toContain("ValidatingAdmissionPolicy 'spaceport-labels'")
  })

  test.each(refused)('may, once exempt from %s, %s', async (_fence, _what, asked) => {
    expect(await as(exempt, asked)).not.toMatch(/^spaceport-/)
  })

  test.each<[string, Ask]>([
    ['create a namespace', () => post('/api/v1/namespaces', namespace('made'))],
    [
      'create a namespace with a generated name',
      () => post('/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { generateName: 'made-' } }),
    ],
    ['put their own labels on a space', () => merge(`/api/v1/namespaces/${space.namespace}`, labelling({ cost: '1' }))],
    [
      'restrict the pods of a namespace that isn’t a space',
      () => merge(`/api/v1/namespaces/${unlabelled}`, labelling({ 'pod-security.kubernetes.io/enforce': 'baseline' })),
    ],
    ['bind a user elsewhere', () => post(rbac(unlabelled, 'rolebindings'), binding('view', [person], { labels: {} }))],
    [
      'bind with a generated name elsewhere',
      () =>
        post(
          rbac(unlabelled, 'rolebindings'),
          binding('view', [person], { name: undefined, generateName: 'x-', labels: {} }),
        ),
    ],
    ['create a token that never expires elsewhere', () => post(core(unlabelled, 'secrets'), tokenSecret('default'))],
    ['open a node port elsewhere', () => post(core(unlabelled, 'services'), nodePort)],
    ['delete all quotas of another namespace', () => remove(core(unlabelled, 'resourcequotas'))],
    [
      'keep certificates in Spaceport’s namespace',
      () => post(core('spaceport-system', 'secrets'), { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'tls' } }),
    ],
  ])('may %s', async (_what, asked) => {
    expect(await as(operator, asked)).toBe('allowed')
  })
})

describe('the cluster’s own controllers', () => {
  test('count what a space uses of its quota', async () => {
    const statusSchema = z.object({ status: z.object({ used: z.record(z.string(), z.string()).default({}) }) })
    const pods = core(space.namespace, 'pods')
    await vi.waitFor(() => request(admin, { method: 'POST', path: pods, body: pod }, z.unknown()), 30_000)
    await vi.waitFor(
      async () => {
        const path = core(space.namespace, 'resourcequotas/spaceport')
        const { status } = await request(admin, { method: 'GET', path }, statusSchema)
        expect(status.used.pods).toBe('1')
      },
      { timeout: 30_000, interval: 200 },
    )
  })

  test('empty a space that is being deleted, until it is gone', async () => {
    await deleteNamespace(broker, deletable.namespace, deletable.uid)
    await vi.waitFor(async () => expect(await findNamespace(broker, deletable.namespace)).toBeUndefined(), {
      timeout: 30_000,
      interval: 250,
    })
  })
})
