import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { applyAs } from '#dev/cluster/apply-as.ts'
import { readManifests } from '#dev/cluster/install.ts'
import { type OwnCluster, openOwnCluster } from '#dev/testing/cluster/own-cluster.ts'
import { deletePerson } from '#dev/testing/database/delete-person.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { defaultReach } from '#lib/kernel/model/access/reach-fixture.ts'
import { AppError, isAppError } from '#lib/kernel/model/errors.ts'
import type { Manifest } from '#lib/kernel/model/spaces/manifest.ts'
import { renderSpace } from '#lib/kernel/model/spaces/render-space.ts'
import { spaceObjectVersion } from '#lib/kernel/model/spaces/space-object.ts'
import type { Cluster } from '#lib/kube/client/cluster.ts'
import { followCollection } from '#lib/kube/client/follow-collection.ts'
import { collectionPath } from '#lib/kube/client/object-path.ts'
import { openWatch } from '#lib/kube/client/open-watch.ts'
import { request } from '#lib/kube/client/request.ts'
import { metadataOnly } from '#lib/kube/client/watched-part.ts'
import { compareFences } from '#lib/kube/fences/compare-fences.ts'
import { listFenceFaults } from '#lib/kube/fences/prove-fences.ts'
import { readShippedRights } from '#lib/kube/fences/shipped-rights.ts'
import { sumPodUse } from '#lib/kube/inside/pod-use.ts'
import { readHealth } from '#lib/kube/inside/read-health.ts'
import { readNamespaceInside } from '#lib/kube/inside/read-namespace-inside.ts'
import { sumNodes } from '#lib/kube/inside/sum-nodes.ts'
import { applyNamespace } from '#lib/kube/objects/apply-namespace.ts'
import { applyObject } from '#lib/kube/objects/apply-object.ts'
import { createNamespace } from '#lib/kube/objects/create-namespace.ts'
import { deleteNamespace } from '#lib/kube/objects/delete-namespace.ts'
import { deleteObject } from '#lib/kube/objects/delete-object.ts'
import { findNamespace } from '#lib/kube/objects/find-namespace.ts'
import {
  applySpaceObjectStatus,
  findSpaceObject,
  findWholesaleDeletion,
  keepSpaceObject,
} from '#lib/kube/objects/space-objects.ts'
import { watchManaged } from '#lib/kube/objects/watch-managed.ts'
import { applyPerson } from '#lib/kube/people/apply-person.ts'
import { listPeople } from '#lib/kube/people/list-people.ts'
import { mayPerson } from '#lib/kube/people/may-person.ts'
import { listRights } from '#lib/kube/rights/list-rights.ts'

/**
 * Broker and gateway need each of their rights: the test removes one at a time, and something breaks. On its own
 * control plane, because other tests rely on these rights.
 */
const manifests = await readManifests()
const rulesSchema = z.array(
  z.object({
    apiGroups: z.array(z.string()),
    resources: z.array(z.string()),
    verbs: z.array(z.string()),
    resourceNames: z.array(z.string()).optional(),
  }),
)
type Rules = z.infer<typeof rulesSchema>

/** `health`: the broker, as the reader of health. */
type Identity = 'broker' | 'gateway' | 'health'

/** The roles of the identities, with the identity that tests each right. */
const identities: Record<string, readonly Identity[]> = {
  'spaceport:broker': ['broker'],
  'spaceport:people': ['broker'],
  'spaceport:impersonation': ['broker', 'gateway'],
  'spaceport:email-extra': ['broker', 'gateway'],
  'spaceport:gateway': ['gateway'],
  'spaceport:broker-proof': ['broker'],
  'spaceport:health': ['health'],
  'spaceport:health-impersonation': ['health'],
}
const rights = Object.entries(identities).flatMap(([role, who]) =>
  rulesOf(role).flatMap(({ resources, verbs }) =>
    resources.flatMap((resource) =>
      verbs.flatMap((verb) => who.map((identity) => ({ identity, role, verb, resource }))),
    ),
  ),
)

function manifestOf(role: string): Manifest {
  const found = manifests.find(({ kind, metadata }) => kind.endsWith('Role') && metadata.name === role)
  if (!found) throw new Error(`deploy/cluster-chart/templates has no role ${role}`)
  return found
}

function rulesOf(role: string): Rules {
  return rulesSchema.parse(manifestOf(role).rules)
}

function without(role: string, verb: string, resource: string): Manifest {
  const rules = rulesOf(role).flatMap((rule) =>
    rule.resources.map((one) => ({
      ...rule,
      resources: [one],
      verbs: rule.verbs.filter((other) => one !== resource || other !== verb),
    })),
  )
  return { ...manifestOf(role), rules: rules.filter(({ verbs }) => verbs.length > 0) }
}

let own: OwnCluster
let admin: Cluster
let broker: Cluster
let gateway: Cluster

beforeAll(async () => {
  own = await openOwnCluster()
  ;({ admin, broker, gateway } = own)
}, 120_000)
afterAll(() => own?.close())

const person = { handle: 'alice-123abc', email: 'alice@example.com', name: 'Alice' }
const anything = z.unknown()

function renderTestSpace() {
  const name = uniqueName('test')
  const owner = { userId: '1', ...person }
  return renderSpace(
    {
      id: name,
      name,
      namespace: name,
      creation: name,
      description: '',
      size: 'S',
      endsAt: null,
      requestId: null,
      grants: [],
      owner,
      members: [
        { member: owner, role: 'admin' },
        { member: owner, role: 'editor' },
        { member: owner, role: 'viewer' },
      ],
    },
    defaultReach,
  )
}

/** A space, or parts of it, created by the admin so that its creation doesn't need the tested right. */
async function spaceWith(kinds: readonly string[] = []) {
  const rendered = renderTestSpace()
  const namespace = await createNamespace(admin, rendered.namespace)
  const objects = [...rendered.limits, ...rendered.access]
  for (const object of objects) if (kinds.includes(object.kind)) await applyObject(admin, object)
  const object = (kind: string) => {
    const found = objects.find((candidate) => candidate.kind === kind)
    if (!found) throw new Error(`a space has no ${kind}`)
    return found
  }
  return { rendered, namespace, object }
}

const kindOf: Record<string, string> = {
  resourcequotas: 'ResourceQuota',
  limitranges: 'LimitRange',
  networkpolicies: 'NetworkPolicy',
  rolebindings: 'RoleBinding',
}

/** Watches our objects until a list or watch is refused; succeeds when all are open and report a change. */
async function follow(): Promise<void> {
  const abort = new AbortController()
  const { namespace, object } = await spaceWith(Object.values(kindOf))
  const wanted = new Set(['Namespace', ...Object.values(kindOf)])
  const changed = Promise.withResolvers<void>()
  const touch = async () => {
    const metadata = { name: namespace.name, annotations: { touched: 'yes' } }
    const touched = [...Object.values(kindOf).map(object), { apiVersion: 'v1', kind: 'Namespace', metadata }]
    for (const { apiVersion, kind, metadata: old, ...rest } of touched) {
      const annotated = { apiVersion, kind, ...rest, metadata: { ...old, annotations: { touched: 'yes' } } }
      await applyAs('somebody', admin, annotated)
    }
  }
  const watching = watchManaged(broker, {
    signal: abort.signal,
    onSynced: () => void touch().catch(changed.reject),
    onTrouble: changed.reject,
    onChange: (_spaceId, ref) => {
      wanted.delete(ref.kind)
      if (wanted.size === 0) changed.resolve()
    },
  })
  try {
    await changed.promise
  } finally {
    abort.abort()
    await watching
  }
}

/** Listed, but not watched. */
const unwatched = new Set([
  'pods',
  'nodes',
  'serviceaccounts',
  'roles',
  'clusterroles',
  'clusterrolebindings',
  'spaces',
])

/** What needs the right: the function of lib/kube that Spaceport uses, with its identity. */
function use(identity: Identity, verb: string, resource: string): Promise<unknown> {
  const uses: Record<string, () => Promise<unknown>> = {
    'broker get namespaces': () => findNamespace(broker, 'default'),
    'broker get validatingadmissionpolicies': () => compareFences(broker),
    'broker get validatingadmissionpolicybindings': () => compareFences(broker),
    'broker create leases': async () => {
      // Without the right RBAC refuses instead of the fence, and nothing is proved.
      if ((await listFenceFaults(broker)).length > 0) throw new AppError('cluster_refused')
    },
    'broker create namespaces': () => createNamespace(broker, renderTestSpace().namespace),
    'broker patch namespaces': async () => {
      const { rendered, namespace } = await spaceWith()
      const metadata = { ...rendered.namespace.metadata, uid: namespace.uid }
      await applyNamespace(broker, { ...rendered.namespace, metadata })
    },
    'broker delete namespaces': async () => {
      const { namespace } = await spaceWith()
      await deleteNamespace(broker, namespace.name, namespace.uid)
    },
    'broker bind clusterroles': async () => {
      const { rendered } = await spaceWith()
      for (const binding of rendered.access) await applyObject(broker, binding)
    },
    'broker create subjectaccessreviews': () =>
      mayPerson(broker, person.handle, { namespace: 'default', verb: 'get', group: '', resource: 'pods' }),
    'broker list pods': () => sumPodUse(broker, []),
    'broker list nodes': () => sumNodes(broker),
    'broker list clusterroles': async () => listRights(broker, await readShippedRights()),
    'broker list clusterrolebindings': async () => listRights(broker, await readShippedRights()),
    'broker list roles': async () => {
      if ((await listRights(broker, await readShippedRights())).ownRoles === null) throw new AppError('cluster_refused')
    },
    'broker get spaces': () => findSpaceObject(broker, { namespace: 'default', name: 'none' }),
    'broker list spaces': () => listOnce(),
    'broker watch spaces': async () => {
      await declaration()
      const asked = { path: spacesPath, part: metadataOnly, resourceVersion: '0', signal: AbortSignal.timeout(20_000) }
      for await (const { type } of openWatch(broker, asked)) if (type === 'ADDED') return
    },
    'broker patch spaces': async () => keepSpaceObject(broker, await declaration()),
    'broker patch spaces/status': async () =>
      applySpaceObjectStatus(broker, await declaration(), { observedGeneration: 1, conditions: [] }),
    'broker get customresourcedefinitions': () => findWholesaleDeletion(broker, 'default'),
    'broker list serviceaccounts': () => listPeople(broker),
    'broker create serviceaccounts': () => applyPerson(broker, { ...person, handle: uniqueName('alice') }),
    'broker patch serviceaccounts': () => applyPerson(broker, person),
    'broker delete serviceaccounts': async () => {
      await applyPerson(admin, person)
      await deletePerson(broker, person.handle)
    },
    'health impersonate serviceaccounts': () => readHealthOf('default'),
    'health watch pods': () => watchAsHealth('pods'),
    'health watch events': () => watchAsHealth('events'),
    'gateway list namespaces': () => request(gateway, { method: 'GET', path: '/api/v1/namespaces' }, anything),
    'gateway watch namespaces': () =>
      // The API server cuts the stream after a second; its content is not one JSON text.
      request(
        gateway,
        { method: 'GET', path: '/api/v1/namespaces', query: { watch: 'true', timeoutSeconds: '1' } },
        anything,
      ),
    'gateway list spaces': () => request(gateway, { method: 'GET', path: spacesPath }, anything),
    'gateway impersonate serviceaccounts': () => readAs(gateway),
    'gateway impersonate userextras/spaceport.dev/email': () => readAs(gateway),
    'broker impersonate serviceaccounts': () => readAs(broker),
    'broker impersonate userextras/spaceport.dev/email': () => readAs(broker),
  }
  if (identity === 'health' && verb === 'list') return readHealthOf('default')
  const kind = kindOf[resource]
  if (identity === 'broker' && (verb === 'list' || verb === 'watch') && !unwatched.has(resource)) return follow()
  if (identity === 'broker' && kind)
    return spaceWith(verb === 'create' ? [] : [kind]).then(async ({ object }) => {
      if (verb === 'delete') await deleteObject(broker, { ...object(kind), ...refOf(object(kind)) })
      else await applyObject(broker, object(kind))
    })
  const found = uses[`${identity} ${verb} ${resource}`]
  if (!found)
    throw new Error(`No use is known of ${identity}'s right to ${verb} ${resource}: add one, or drop the right.`)
  return found()
}

const readHealthOf = (namespace: string) =>
  readHealth(broker, namespace, { now: new Date(), signal: AbortSignal.timeout(60_000) })

/** Opens a watch until it reports something. */
async function watchAsHealth(resource: 'pods' | 'events'): Promise<void> {
  const path = collectionPath('v1', resource)
  const signal = AbortSignal.timeout(20_000)
  const list = z.object({ metadata: z.object({ resourceVersion: z.string() }) })
  const { metadata } = await request(admin, { method: 'GET', path, query: { limit: '1' } }, list)
  const asked = {
    path,
    part: metadataOnly,
    as: 'spaceport-health' as const,
    resourceVersion: metadata.resourceVersion,
    signal,
  }
  const event = {
    ...{ apiVersion: 'v1', kind: 'Event', metadata: { generateName: 'seen-' } },
    ...{ involvedObject: { kind: 'Namespace', name: 'default', namespace: 'default' }, reason: 'Seen' },
  }
  const pod = {
    ...{ apiVersion: 'v1', kind: 'Pod', metadata: { generateName: 'seen-' } },
    spec: { containers: [{ name: 'one', image: 'one' }], automountServiceAccountToken: false },
  }
  const body = resource === 'pods' ? pod : event
  await request(admin, { method: 'POST', path: collectionPath('v1', resource, 'default'), body }, anything)
  for await (const { type } of openWatch(broker, asked)) if (type === 'ADDED') return
}

const spacesPath = `/apis/${spaceObjectVersion}/spaces`

/** @returns an object that declares a space, created by the admin */
async function declaration() {
  const ref = { namespace: 'default', name: 'declared' }
  await applyAs('somebody', admin, {
    apiVersion: spaceObjectVersion,
    kind: 'Space',
    metadata: ref,
    spec: { size: 'S' },
  })
  const found = await findSpaceObject(admin, ref)
  if (!found) throw new Error('the object is gone')
  return found.metadata
}

/** Lists the objects that declare spaces as the worker does. */
async function listOnce(): Promise<void> {
  const listed = new AbortController()
  const trouble: unknown[] = []
  await followCollection(broker, {
    path: spacesPath,
    part: metadataOnly,
    fromStart: true,
    signal: listed.signal,
    keep: ({ metadata }) => metadata.name,
    onList: () => listed.abort(),
    onEvent: () => {},
    onTrouble(error) {
      trouble.push(error)
      listed.abort()
    },
  })
  if (trouble.length > 0) throw trouble[0]
}

const refOf = ({ metadata: { name, namespace } }: Manifest) => ({ name, ...(namespace && { namespace }) })

async function readAs(cluster: Cluster): Promise<void> {
  const { namespace } = await spaceWith(['RoleBinding'])
  await readNamespaceInside(cluster, person, namespace.name, new Date())
}

const outcome = (identity: Identity, verb: string, resource: string) =>
  use(identity, verb, resource).then(
    () => 'works',
    (error: unknown) => (isAppError(error) ? error.code : String(error)),
  )

test.each(rights)(
  '$identity can’t do without $verb on $resource ($role)',
  async ({ identity, role, verb, resource }) => {
    const install = (manifest: Manifest) => applyAs('spaceport-install', admin, manifest)
    // A watch's answer is not parsed here; an answer at all proves the right.
    const working = identity === 'gateway' && verb === 'watch' ? ['works', 'cluster_failed'] : ['works']
    await vi.waitFor(async () => expect(working).toContain(await outcome(identity, verb, resource)), 30_000)
    await install(without(role, verb, resource))
    try {
      // Roles take effect some milliseconds after they are written.
      const refused = identity === 'health' && verb !== 'impersonate' ? 'forbidden' : 'cluster_refused'
      await vi.waitFor(async () => expect(await outcome(identity, verb, resource)).toBe(refused), 30_000)
    } finally {
      await install(manifestOf(role))
    }
  },
)

const roleBinding = (roleRef: string) => ({
  method: 'POST' as const,
  path: '/apis/rbac.authorization.k8s.io/v1/namespaces/default/rolebindings',
  body: {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: { name: 'x' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: roleRef },
    subjects: [],
  },
})

test.each([
  ['read secrets', { method: 'GET' as const, path: '/api/v1/secrets' }],
  ['read pods', { method: 'GET' as const, path: '/api/v1/pods' }],
  [
    'defineUseCase tokens',
    { method: 'POST' as const, path: '/api/v1/namespaces/spaceport-users/serviceaccounts/x/token', body: {} },
  ],
  ['bind a role of the cluster', roleBinding('edit')],
  ['bind cluster-admin', roleBinding('cluster-admin')],
  [
    'bind across the cluster',
    {
      method: 'POST' as const,
      path: '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings',
      body: { ...roleBinding('view').body, kind: 'ClusterRoleBinding' },
    },
  ],
  [
    'declare a space',
    {
      method: 'POST' as const,
      path: `/apis/${spaceObjectVersion}/namespaces/default/spaces`,
      body: { apiVersion: spaceObjectVersion, kind: 'Space', metadata: { name: 'x' }, spec: { size: 'S' } },
    },
  ],
  [
    'delete what declares a space',
    { method: 'DELETE' as const, path: `/apis/${spaceObjectVersion}/namespaces/default/spaces/x` },
  ],
  ['read one node', { method: 'GET' as const, path: '/api/v1/nodes/development-node' }],
  ['follow nodes', { method: 'GET' as const, path: '/api/v1/nodes', query: { watch: 'true', timeoutSeconds: '1' } }],
  ['reach a kubelet', { method: 'GET' as const, path: '/api/v1/nodes/development-node/proxy/pods' }],
  ['read what nodes use', { method: 'GET' as const, path: '/apis/metrics.k8s.io/v1beta1/nodes' }],
  [
    'read what one pod uses',
    { method: 'GET' as const, path: '/apis/metrics.k8s.io/v1beta1/namespaces/default/pods/x' },
  ],
])('neither broker nor gateway can %s', async (_what, asked) => {
  for (const cluster of [broker, gateway])
    await expect(request(cluster, asked, anything)).rejects.toMatchObject({ code: 'cluster_refused' })
})

test.each([
  ['another ServiceAccount', { 'impersonate-user': 'system:serviceaccount:kube-system:namespace-controller' }],
  ['the broker', { 'impersonate-user': 'system:serviceaccount:spaceport-system:spaceport-broker' }],
  ['a user', { 'impersonate-user': 'system:admin' }],
  [
    'the masters',
    { 'impersonate-user': 'system:serviceaccount:spaceport-users:a', 'impersonate-group': 'system:masters' },
  ],
  [
    'a person with another extra',
    { 'impersonate-user': 'system:serviceaccount:spaceport-users:a', 'impersonate-extra-scopes': 'x' },
  ],
])('neither broker nor gateway can act as %s', async (_who, headers) => {
  for (const cluster of [broker, gateway]) {
    const { dispatcher, headers: own } = await cluster.connection.credentials('call', AbortSignal.timeout(10_000))
    const answer = await dispatcher.request({
      origin: cluster.serverUrl,
      path: '/api/v1/namespaces/default',
      method: 'GET',
      headers: { ...own, ...headers },
    })
    expect(answer.statusCode).toBe(403)
    expect(await answer.body.text()).toContain('cannot impersonate')
  }
})
