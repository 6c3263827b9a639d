import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { applyAs } from '#dev/cluster/apply-as.ts'
import { buildControlPlane } from '#dev/cluster/build.ts'
import { type OwnCluster, openOwnCluster } from '#dev/testing/cluster/own-cluster.ts'
import { type BrokerFixture, openBrokerFixture } from '#dev/testing/fixtures/broker-fixture.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { createKubectl, type Kubectl } from '#dev/testing/kubectl.ts'
import { gitopsHealth } from '#dev/testing/portal/gitops-health.ts'
import { addGrant } from '#lib/features/access/use-cases/add-grant.ts'
import { listGrants } from '#lib/features/access/use-cases/list-grants.ts'
import { removeGrant } from '#lib/features/access/use-cases/remove-grant.ts'
import { startDeclaredGeneration } from '#lib/features/gitops/db/declared-spaces.ts'
import { findGitPerson } from '#lib/features/gitops/db/find-git-person.ts'
import { spaceObjectSchema } from '#lib/features/gitops/model/parse-space-object.ts'
import { declareSpace, releaseSpace } from '#lib/features/gitops/use-cases/declare-space.ts'
import { gitActorFor } from '#lib/features/gitops/use-cases/git-actor.ts'
import { decideRequest } from '#lib/features/requests/use-cases/decide-request.ts'
import { readRequest } from '#lib/features/requests/use-cases/read-request.ts'
import { createSpace } from '#lib/features/spaces/use-cases/create-space.ts'
import { deleteSpace } from '#lib/features/spaces/use-cases/delete-space.ts'
import { readSpace } from '#lib/features/spaces/use-cases/read-space.ts'
import { updateSpace } from '#lib/features/spaces/use-cases/update-space.ts'
import type { Actor } from '#lib/kernel/model/people/person.ts'
import { spaceFinalizer, spaceObjectVersion } from '#lib/kernel/model/spaces/space-object.ts'
import { reconcileSpace } from '#lib/kernel/reconcile/reconcile-space.ts'
import type { Services } from '#lib/kernel/use-case/context.ts'
import { type Clusters, connectClusters } from '#lib/kube/client/cluster.ts'
import { objectPath } from '#lib/kube/client/object-path.ts'
import { request } from '#lib/kube/client/request.ts'
import { deleteObject } from '#lib/kube/objects/delete-object.ts'
import { metrics } from '#lib/observability/metrics.ts'
import { followDeclared } from './follow-declared.ts'

/** On its own control plane: on the shared one, workers of other tests would follow these objects too. */
let own: OwnCluster
let fixture: BrokerFixture
let clusters: Clusters
let kubectl: Kubectl
let alice: Actor
let bob: Actor
let dana: Actor
let reader: Actor
let shared: Partial<Services>
const stopped = new AbortController()
let following: Promise<void>
let unseen: unknown

const mapped = uniqueName('git')
const danas = uniqueName('git-dana')
const doomed = uniqueName('git-doomed')
const judged = uniqueName('git-judged')
const documented = uniqueName('git-documented')
const elsewhere = uniqueName('elsewhere')
const inside = uniqueName('inside')

beforeAll(async () => {
  ;[own, fixture] = await Promise.all([openOwnCluster(), openBrokerFixture()])
  clusters = connectClusters({ kubeconfig: own.brokerKubeconfig, clusters: [] })
  const { binaries } = await buildControlPlane({ report: () => {} })
  kubectl = createKubectl({ program: binaries.kubectl, kubeconfig: own.adminKubeconfig })
  ;[alice, bob, dana, reader] = await Promise.all([
    fixture.person('alice'),
    fixture.person('bob'),
    fixture.person('dana'),
    fixture.person('reader'),
  ])
  for (const name of [mapped, danas, doomed, judged, documented, elsewhere])
    await applyAs('admin', own.admin, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
  const early = uniqueName('early')
  await declare(early, { size: 'S' }, { namespace: elsewhere })
  unseen = await show(early, elsewhere)
  const identity = (namespace: string, { handle }: Actor) => ({ cluster: 'default', namespace, handle })
  const mappings = [
    identity(mapped, alice),
    identity(danas, dana),
    identity(doomed, dana),
    identity(inside, dana),
    identity(documented, reader),
  ]
  const gitIdentities = [...mappings, identity(judged, await fixture.person('judy'))]
  shared = { clusters, gitIdentities }
  following = followDeclared(fixture.system({ ...shared, patienceMs: 30_000 }), 'default', stopped.signal, 300)
})
afterAll(async () => {
  stopped.abort()
  await following
  await clusters?.close()
  await Promise.all([fixture?.close(), own?.close()])
})

const as = (actor: Actor) => fixture.as(actor, shared)
const refOf = (name: string, namespace = mapped) => ({ apiVersion: spaceObjectVersion, kind: 'Space', name, namespace })
const declare = (
  name: string,
  spec: object,
  { namespace = mapped, ...metadata }: { namespace?: string; [more: string]: unknown } = {},
) =>
  applyAs('argocd', own.admin, {
    apiVersion: spaceObjectVersion,
    kind: 'Space',
    metadata: { name, namespace, ...metadata },
    spec,
  })
const show = (name: string, namespace = mapped) =>
  request(own.admin, { method: 'GET', path: objectPath(refOf(name, namespace)) }, z.unknown())
const read = async (name: string, namespace?: string) => spaceObjectSchema.parse(await show(name, namespace))

async function conditionsOf(name: string, namespace = mapped): Promise<Record<string, string>> {
  const { metadata, status } = await read(name, namespace)
  const current = status?.conditions.filter(({ observedGeneration }) => observedGeneration === metadata.generation)
  return Object.fromEntries((current ?? []).map(({ type, status: is, reason }) => [type, `${is} ${reason}`]))
}
const settled = { timeout: 30_000, interval: 100 }
const ready = { Accepted: 'True Accepted', Synced: 'True Synced', Ready: 'True Ready', Stalled: 'False Ready' }
const eventually = (name: string, wanted: Record<string, string>, namespace = mapped) =>
  vi.waitFor(async () => expect(await conditionsOf(name, namespace)).toMatchObject(wanted), settled)

const membersOf = async (name: string, owner = alice) =>
  Object.fromEntries(
    (await listGrants(as(owner), { name })).grants.map(({ id, role, principal }) => [
      principal.kind === 'user' ? principal.handle : `group:${principal.name}`,
      { id, role },
    ]),
  )

test('an object creates a space for the person its namespace is mapped to, and kubectl can wait for it', async () => {
  const name = uniqueName('made')
  const members = [
    { person: bob.handle, role: 'editor' },
    { group: 'team', role: 'viewer' },
  ]
  await declare(name, { description: 'from Git', size: 'S', members })
  await kubectl.ok(['wait', '--for=condition=Ready', `space/${name}`, '-n', mapped, '--timeout=30s'])
  await eventually(name, ready)
  const space = await readSpace(as(alice), { name })
  expect(space).toMatchObject({ description: 'from Git', size: 'S', status: 'ready', standing: 'owner' })
  expect(await membersOf(name)).toMatchObject({ [bob.handle]: { role: 'editor' }, 'group:team': { role: 'viewer' } })
  expect(await kubectl.ok(['get', 'spaces', '-n', mapped])).toMatch(new RegExp(`${name} +True +True +Ready +S`))
  const { rows } = await fixture.owner.query(
    `SELECT action, actor_handle, detail->'declaredBy'->>'object' AS object FROM audit_event
     WHERE space_id = $1 AND intent_id IS NULL ORDER BY seq`,
    [space.id],
  )
  expect(rows).toEqual(
    ['space.create', 'grant.add', 'grant.add'].map((action) => ({
      action,
      actor_handle: alice.handle,
      object: `${mapped}/${name}`,
    })),
  )
  // Applying it again changes nothing: Spaceport's own fields are no drift.
  const before = await read(name)
  await declare(name, { description: 'from Git', size: 'S', members })
  expect((await read(name)).metadata).toEqual(before.metadata)
})

test('declared spaces can only be changed in Git; people see where, and can remove access at any time', async () => {
  const name = uniqueName('owned')
  const members = [{ person: bob.handle, role: 'admin' }]
  await declare(name, { description: 'first', size: 'S', members })
  await eventually(name, ready)
  const refusal = { code: 'declared_in_git', sentence: expect.stringContaining(`${mapped}/${name}`) }
  const carol = await fixture.person('carol')
  for (const person of [alice, bob]) {
    await expect(updateSpace(as(person), { space: { name }, description: 'mine' })).rejects.toMatchObject(refusal)
    const gift = { space: { name }, principal: carol.handle, role: 'viewer' as const }
    await expect(addGrant(as(person), gift)).rejects.toMatchObject(refusal)
  }

  const grantId = (await membersOf(name))[bob.handle]?.id ?? ''
  await removeGrant(as(alice), { space: { name }, grantId })
  await kubectl.ok(['label', 'space', name, '-n', mapped, 'looked=again'])
  await eventually(name, { Ready: 'True Ready', Synced: 'False MemberRemoved' })
  expect(await membersOf(name)).toEqual({})

  await declare(name, { description: 'second', size: 'M', members })
  await eventually(name, ready)
  expect(await readSpace(as(alice), { name })).toMatchObject({ description: 'second', size: 'M' })
  expect(await membersOf(name)).toMatchObject({ [bob.handle]: { role: 'admin' } })
})

test('Flux and Argo CD wait until an object was checked, and then show its result', async () => {
  const [works, waits, refused] = [uniqueName('works'), uniqueName('waits'), uniqueName('refused')]
  await declare(works, { size: 'S' }, { namespace: judged })
  await declare(waits, { size: 'L', reason: 'for the load test' }, { namespace: judged })
  await declare(refused, { size: 'S' }, { namespace: elsewhere })
  await eventually(works, ready, judged)
  await eventually(waits, { Ready: 'False WaitingForApproval' }, judged)
  await eventually(refused, { Ready: 'False NotMapped' }, elsewhere)
  const objects = [unseen, await show(works, judged), await show(waits, judged), await show(refused, elsewhere)]
  // The state that kubectl finds right after a change.
  const changed = z.looseObject({ metadata: z.looseObject({ generation: z.number() }) }).parse(objects[1])
  changed.metadata.generation++
  expect(await gitopsHealth([...objects, changed])).toEqual([
    { wait: 'InProgress', checks: 'InProgress', argoCD: 'Progressing' },
    { wait: 'Current', checks: 'Current', argoCD: 'Healthy' },
    { wait: 'InProgress', checks: 'InProgress', argoCD: 'Suspended' },
    { wait: 'Failed', checks: 'Failed', argoCD: 'Degraded' },
    { wait: 'InProgress', checks: 'InProgress', argoCD: 'Progressing' },
  ])
})

test('a metric has the number of objects by state', async () => {
  const count = async (state: string) =>
    (await metrics().spaceObjects.get()).values.find(({ labels }) => labels.state === state)?.value ?? 0
  const before = { ready: await count('ready'), refused: await count('refused') }
  const [followed, ignored] = [uniqueName('counted'), uniqueName('ignored')]
  await declare(followed, { size: 'S' })
  await declare(ignored, { size: 'S' }, { namespace: elsewhere })
  const counted = async () => ({ ready: await count('ready'), refused: await count('refused') })
  await vi.waitFor(
    async () => expect(await counted()).toEqual({ ready: before.ready + 1, refused: before.refused + 1 }),
    settled,
  )
  await deleteObject(own.admin, refOf(followed))
  await deleteObject(own.admin, refOf(ignored, elsewhere))
  await vi.waitFor(async () => expect(await counted()).toEqual(before), settled)
})

test('an object in another namespace does nothing, even with forged field managers', async () => {
  const name = uniqueName('forged')
  const marks = { 'spaceport.dev/owner': alice.handle, 'spaceport.dev/managed-by': 'argocd' }
  await declare(name, { size: 'S' }, { namespace: elsewhere, annotations: marks, labels: { owner: alice.handle } })
  await eventually(name, { Accepted: 'False NotMapped', Ready: 'False NotMapped' }, elsewhere)
  expect((await read(name, elsewhere)).metadata.finalizers).toEqual([])
  await expect(readSpace(as(alice), { name })).rejects.toMatchObject({ code: 'not_found' })
})

test('a declaration that needs approval is requested once, and applied when it is approved', async () => {
  const name = uniqueName('large')
  const admin = await fixture.person('padmin', { platformRole: 'admin' })
  await declare(name, { size: 'L', reason: 'for the load test' })
  await eventually(name, { Accepted: 'True Accepted', Ready: 'False WaitingForApproval' })
  await kubectl.ok(['label', 'space', name, '-n', mapped, 'looked=again'])
  await eventually(name, { Ready: 'False WaitingForApproval' })
  const { rows } = await fixture.owner.query(`SELECT id FROM request WHERE payload->>'name' = $1`, [name])
  expect(rows).toEqual([{ id: expect.any(String) }])
  const { status } = await read(name)
  expect(status).toMatchObject({ requestUrl: `https://spaceport.test/requests/${rows[0].id}` })
  const { payloadHash } = await readRequest(as(admin), { id: rows[0].id })
  await decideRequest(as(admin), { id: rows[0].id, payloadHash, decision: 'approve', reason: '', minutes: null })
  await kubectl.ok(['label', 'space', name, '-n', mapped, '--overwrite', 'looked=thrice'])
  await eventually(name, ready)
  expect(await readSpace(as(alice), { name })).toMatchObject({ size: 'L', standing: 'owner' })
})

test('a later change is applied as far as the policy allows: members and end at once, size when it is approved', async () => {
  const name = uniqueName('grown')
  const [erin, frank] = await Promise.all([fixture.person('erin'), fixture.person('frank')])
  const admin = await fixture.person('padmin', { platformRole: 'admin' })
  const member = ({ handle }: Actor, role: string) => ({ person: handle, role })
  const before = [member(erin, 'viewer'), member(frank, 'viewer'), { person: 'nobody-000000', role: 'viewer' }]
  await declare(name, { size: 'S', members: before }, { namespace: danas })
  await eventually(name, { Ready: 'True Ready', Synced: 'False PrincipalUnknown' }, danas)

  const expiresAt = '2031-01-01T00:00:00Z'
  const members = [member(erin, 'admin')]
  await declare(name, { size: 'L', expiresAt, members }, { namespace: danas })
  await eventually(name, { Ready: 'False ReasonRequired', Stalled: 'True ReasonRequired' }, danas)
  await declare(name, { size: 'L', expiresAt, members, reason: 'please' }, { namespace: danas })
  await eventually(name, { Ready: 'False WaitingForApproval', Synced: 'False WaitingForApproval' }, danas)
  expect(await readSpace(as(dana), { name })).toMatchObject({ size: 'S', endsAt: new Date(expiresAt) })
  const { grants } = await listGrants(as(dana), { name })
  expect(grants.map(({ role, principal }) => [principal.kind === 'user' && principal.handle, role])).toEqual([
    [erin.handle, 'admin'],
  ])
  const decide = async (decision: 'approve' | 'deny') => {
    const { rows } = await fixture.owner.query(
      `SELECT r.id FROM request r JOIN space s ON s.id = r.space_id WHERE s.name = $1 AND r.state = 'open'`,
      [name],
    )
    const { payloadHash } = await readRequest(as(admin), { id: rows[0].id })
    await decideRequest(as(admin), { id: rows[0].id, payloadHash, decision, reason: 'a test', minutes: null })
    await kubectl.ok(['label', 'space', name, '-n', danas, '--overwrite', `decided=${decision}`])
  }
  await decide('deny')
  await eventually(name, { Ready: 'False RequestDenied' }, danas)
  await declare(name, { size: 'L', expiresAt, members, reason: 'really' }, { namespace: danas })
  await eventually(name, { Ready: 'False WaitingForApproval' }, danas)
  await decide('approve')
  await eventually(name, ready, danas)
  expect(await readSpace(as(dana), { name })).toMatchObject({ size: 'L' })
})

test('a space is never taken over, except by its owner in the portal', async () => {
  const [theirs, mine] = [uniqueName('theirs'), uniqueName('mine')]
  await createSpace(as(bob), { name: theirs, size: 'S', description: 'bob’s' })
  await createSpace(as(alice), { name: mine, size: 'S', description: 'alice’s' })
  for (const name of [theirs, mine]) await declare(name, { size: 'S', description: 'Git’s' })
  await eventually(theirs, { Accepted: 'False NameTaken' })
  await eventually(mine, { Accepted: 'False NotHandedOver' })
  await declareSpace(as(alice), { space: { name: mine }, namespace: mapped })
  await kubectl.ok(['label', 'space', mine, '-n', mapped, 'looked=again'])
  await eventually(mine, ready)
  expect(await readSpace(as(alice), { name: mine })).toMatchObject({ description: 'Git’s' })
  expect(await readSpace(as(bob), { name: theirs })).toMatchObject({ description: 'bob’s' })
  for (const name of [theirs, mine]) await deleteObject(own.admin, refOf(name))

  await declare(elsewhere, { size: 'S' })
  await eventually(elsewhere, { Ready: 'False NamespaceTaken' })
  const { rows } = await fixture.owner.query('SELECT 1 FROM space WHERE name = $1', [elsewhere])
  expect(rows).toEqual([])
  await deleteObject(own.admin, refOf(elsewhere))
})

test('deleting an object keeps its space, unless it opts in and is deleted on its own', async () => {
  const [kept, deleted, swept] = [uniqueName('kept'), uniqueName('deleted'), uniqueName('swept')]
  await declare(kept, { size: 'S' }, { namespace: danas })
  await declare(deleted, { size: 'S', deletionPolicy: 'Delete' }, { namespace: danas })
  await declare(swept, { size: 'S', deletionPolicy: 'Delete' }, { namespace: doomed })
  await Promise.all([
    eventually(kept, ready, danas),
    eventually(deleted, ready, danas),
    eventually(swept, ready, doomed),
  ])
  const { id } = await readSpace(as(dana), { name: deleted })
  expect((await read(kept, danas)).metadata.finalizers).toEqual([spaceFinalizer])
  await deleteObject(own.admin, refOf(kept, danas))
  await deleteObject(own.admin, refOf(deleted, danas))
  await deleteObject(own.admin, { apiVersion: 'v1', kind: 'Namespace', name: doomed })
  const gone = { code: 'not_found' }
  await vi.waitFor(() => expect(read(kept, danas)).rejects.toMatchObject(gone), settled)
  await vi.waitFor(() => expect(read(swept, doomed)).rejects.toMatchObject(gone), settled)
  // The portal manages released spaces again.
  for (const name of [kept, swept]) {
    await updateSpace(as(dana), { space: { name }, description: 'mine again' })
    expect(await readSpace(as(dana), { name })).toMatchObject({ status: 'ready', description: 'mine again' })
  }
  await eventually(deleted, { Ready: 'False Deleting' }, danas)
  await vi.waitFor(async () => {
    await reconcileSpace(fixture.system(shared), id)
    await expect(readSpace(as(dana), { name: deleted })).rejects.toMatchObject(gone)
  }, settled)
  await kubectl.ok(['label', 'space', deleted, '-n', danas, 'looked=again']).catch(() => undefined)
  await vi.waitFor(() => expect(read(deleted, danas)).rejects.toMatchObject(gone), settled)
})

test('a space deleted in the portal isn’t recreated by the object that declared it, withdrawn or not', async () => {
  const [early, back] = [uniqueName('early'), uniqueName('back')]
  for (const name of [early, back]) await declare(name, { size: 'S' }, { namespace: danas })
  for (const name of [early, back]) await eventually(name, ready, danas)
  await fixture.owner.query('UPDATE space SET first_ready_at = NULL WHERE name = $1', [early])
  await releaseSpace(as(dana), { space: { name: back } })
  const end = async (name: string) => {
    const { id } = await readSpace(as(dana), { name })
    await deleteSpace(as(dana), { space: { name }, confirmation: name })
    await vi.waitFor(async () => {
      await reconcileSpace(fixture.system(shared), id)
      await expect(readSpace(as(dana), { name })).rejects.toMatchObject({ code: 'not_found' })
    }, settled)
    await kubectl.ok(['label', 'space', name, '-n', danas, 'looked=again'])
    await eventually(name, { Ready: 'False Deleted' }, danas)
  }
  await Promise.all([early, back].map(end))
  const { rows } = await fixture.owner.query('SELECT status::text FROM space WHERE name = ANY ($1)', [[early, back]])
  expect(rows.map(({ status }) => status)).toEqual(['deleted', 'deleted'])
  // More members than one check changes.
  const members = Array.from({ length: 11 }, (_, i) => ({ group: `team ${i}`, role: 'viewer' }))
  await declare(early, { size: 'M', members }, { namespace: danas })
  await eventually(early, ready, danas)
  expect((await listGrants(as(dana), { name: early })).grants).toHaveLength(11)

  // As after restoring the cluster.
  await fixture.owner.query(
    `UPDATE space SET declared_generation = declared_generation + 1 WHERE name = $1 AND status <> 'deleted'`,
    [early],
  )
  await kubectl.ok(['label', 'space', early, '-n', danas, '--overwrite', 'looked=restored'])
  await eventually(early, { Ready: 'True Ready', Synced: 'False LaterFollowed' }, danas)
})

test('a check stops when its space is withdrawn, or when another object or a later generation is followed', async () => {
  const name = uniqueName('stale')
  const space = { name }
  await createSpace(as(dana), { name, size: 'S' })
  await declareSpace(as(dana), { space, namespace: danas })
  const { rows } = await fixture.owner.query(
    `UPDATE space SET declared_uid = 'u', declared_generation = 2 WHERE name = $1 RETURNING id`,
    [name],
  )
  const ctx = fixture.system(shared)
  const person = await findGitPerson(ctx.db, dana.handle)
  if (!person) throw new Error('dana exists')
  const actorOf = (uid: string, generation: number, signal = stopped.signal) =>
    gitActorFor(ctx, person, { cluster: 'default', namespace: danas, name, uid, generation, members: true }, signal)
  const [current, late, other] = await Promise.all([actorOf('u', 2), actorOf('u', 1), actorOf('v', 2)])
  const busy = { code: 'space_busy' }
  const gift = { space, principal: bob.handle, role: 'viewer' as const }
  for (const actor of [late, other]) await expect(addGrant(actor.as(), gift)).rejects.toMatchObject(busy)
  await addGrant(current.as(), gift)
  const generation = { spaceId: rows[0].id, namespace: danas, uid: 'u', generation: 1, members: true }
  for (const read of [
    { uid: 'u', generation: 2 },
    { uid: 'u', generation: 1 },
  ])
    await expect(startDeclaredGeneration(ctx.db, generation, read)).rejects.toMatchObject(busy)
  const deletion = { space, confirmation: name }
  await expect(deleteSpace(other.as(), deletion)).rejects.toMatchObject(busy)
  await releaseSpace(as(dana), { space })
  await expect(deleteSpace(current.as(), deletion)).rejects.toMatchObject(busy)
  expect(await readSpace(as(dana), { name })).toMatchObject({ status: 'ready' })
  const stopping = await actorOf('u', 2, AbortSignal.abort())
  expect(() => stopping.as()).toThrow('abort')
})

test('a deleted object’s request is withdrawn', async () => {
  const name = uniqueName('unasked')
  await declare(name, { size: 'L', reason: 'for the load test' }, { namespace: danas })
  await eventually(name, { Ready: 'False WaitingForApproval' }, danas)
  await deleteObject(own.admin, refOf(name, danas))
  await vi.waitFor(() => expect(read(name, danas)).rejects.toMatchObject({ code: 'not_found' }), settled)
  const { rows } = await fixture.owner.query(`SELECT state::text FROM request WHERE payload->>'name' = $1`, [name])
  expect(rows).toEqual([{ state: 'withdrawn' }])
})

test('a namespace with followed objects can’t become a space, and objects in a space’s namespace aren’t followed', async () => {
  await expect(createSpace(as(dana), { name: danas, size: 'S' })).rejects.toMatchObject({ code: 'name_protected' })
  await createSpace(fixture.as(bob, { clusters }), { name: inside, size: 'S' })
  const name = uniqueName('foothold')
  await declare(name, { size: 'S' }, { namespace: inside })
  await eventually(name, { Accepted: 'False NamespaceOfSpace' }, inside)
  await expect(readSpace(as(dana), { name })).rejects.toMatchObject({ code: 'not_found' })
})

test('a deactivated identity changes nothing, and neither do invalid objects', async () => {
  const invalid = { size: 'XL' }
  await expect(declare(uniqueName('invalid'), invalid)).rejects.toMatchObject({ httpStatus: 422 })
  await expect(declare('not.a.label', { size: 'S' })).rejects.toMatchObject({ httpStatus: 422 })
  const twice = [1, 2].map(() => ({ person: bob.handle, role: 'viewer' }))
  await expect(declare(uniqueName('twice'), { size: 'S', members: twice })).rejects.toMatchObject({ httpStatus: 422 })
  const name = uniqueName('late')
  await fixture.owner.query('UPDATE user_account SET deactivated_at = now() WHERE id = $1', [alice.userId])
  try {
    await declare(name, { size: 'S' })
    await eventually(name, { Accepted: 'False IdentityDeactivated', Ready: 'False IdentityDeactivated' })
  } finally {
    await fixture.owner.query('UPDATE user_account SET deactivated_at = NULL WHERE id = $1', [alice.userId])
  }
  await expect(readSpace(as(alice), { name })).rejects.toMatchObject({ code: 'not_found' })
  await deleteObject(own.admin, refOf(name))
})

test('the broker may write only the status of an object and its own finalizer', async () => {
  const name = uniqueName('fenced')
  await declare(name, { size: 'S' }, { namespace: elsewhere })
  const path = objectPath(refOf(name, elsewhere))
  const patch = (body: object) =>
    request(
      own.broker,
      { method: 'PATCH', path, contentType: 'application/merge-patch+json', body },
      z.object({ metadata: z.object({ finalizers: z.array(z.string()).default([]) }) }),
    )
  for (const body of [
    { spec: { size: 'L' } },
    { metadata: { labels: { a: 'b' } } },
    { metadata: { annotations: { a: 'b' } } },
    { metadata: { finalizers: ['other.example/x'] } },
  ])
    await expect(patch(body)).rejects.toMatchObject({ httpStatus: 403 })
  expect(await patch({ metadata: { finalizers: [spaceFinalizer] } })).toMatchObject({
    metadata: { finalizers: [spaceFinalizer] },
  })
  expect(await patch({ metadata: { finalizers: null } })).toMatchObject({ metadata: { finalizers: [] } })
})

test('the example of the documentation works unchanged', async () => {
  const text = await readFile(new URL('../../docs/spaces-as-objects.md', import.meta.url), 'utf8')
  const example = /```yaml\n(# team-a[\s\S]*?)```/.exec(text)?.[1] ?? ''
  expect(example).toContain('namespace: team-a')
  await kubectl.ok(['apply', '--server-side', '-f', '-'], {
    input: example.replaceAll('namespace: team-a', `namespace: ${documented}`),
  })
  await eventually('web-shop', ready, documented)
  expect(await readSpace(as(reader), { name: 'web-shop' })).toMatchObject({ size: 'M', status: 'ready' })
  expect(await membersOf('web-shop', reader)).toMatchObject({ 'group:team-blue': { role: 'editor' } })
})
