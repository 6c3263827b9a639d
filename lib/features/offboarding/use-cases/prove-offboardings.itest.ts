import { createHash, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest'
import { type BrokerFixture, openBrokerFixture } from '#dev/testing/fixtures/broker-fixture.ts'
import { openClustersSideBySide } from '#dev/testing/fixtures/clusters-side-by-side.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { addGrant } from '#lib/features/access/use-cases/add-grant.ts'
import { listInbox } from '#lib/features/inbox/use-cases/list-inbox.ts'
import { clusterQuestions, spaceQuestions } from '#lib/features/offboarding/model/offboarding-questions.ts'
import { listPeople } from '#lib/features/people/use-cases/list-people.ts'
import { reactivatePerson } from '#lib/features/people/use-cases/reactivate-person.ts'
import { readPersonPage } from '#lib/features/people/use-cases/read-person-page.ts'
import { createSpace } from '#lib/features/spaces/use-cases/create-space.ts'
import { readClusterId, upsertClusters } from '#lib/kernel/db/spaces/clusters.ts'
import { canonicalJson } from '#lib/kernel/model/canonical-json.ts'
import type { ClusterProof } from '#lib/kernel/model/people/offboarding.ts'
import type { Actor } from '#lib/kernel/model/people/person.ts'
import { checkAllForDrift } from '#lib/kernel/reconcile/check-all-for-drift.ts'
import { ensurePeople } from '#lib/kernel/reconcile/ensure-people.ts'
import { reconcileSpace } from '#lib/kernel/reconcile/reconcile-space.ts'
import { resumeWaiting } from '#lib/kernel/reconcile/resume-waiting.ts'
import { type Cluster, type Clusters, connectClusters } from '#lib/kube/client/cluster.ts'
import { applyObject } from '#lib/kube/objects/apply-object.ts'
import { deleteObject } from '#lib/kube/objects/delete-object.ts'
import { isPersonThere } from '#lib/kube/people/is-person-there.ts'
import { mayPerson } from '#lib/kube/people/may-person.ts'
import { askOffboardingAgain } from './check-offboarding-again.ts'
import { offboardPerson } from './offboard-person.ts'
import { proveOffboardings } from './prove-offboardings.ts'
import { readOffboarding } from './read-offboarding.ts'

/** One API server under two names, `steady` and `shaky`, the second behind a network that can fail. */
let fixture: BrokerFixture
let both: Awaited<ReturnType<typeof openClustersSideBySide>>
let clusters: Clusters
let cluster: Cluster
let asAdmin: Clusters
let admin: Actor
let newOwner: Actor
beforeAll(async () => {
  both = await openClustersSideBySide()
  fixture = await openBrokerFixture()
  clusters = connectClusters({ kubeconfig: both.kubeconfig, clusters: both.clusters })
  cluster = clusters.get('steady')
  asAdmin = connectClusters({ kubeconfig: inject('kubeAdmin'), clusters: [] })
  await upsertClusters(fixture.services.db, clusters.names)
  admin = await fixture.person('admin', { platformRole: 'admin' })
  newOwner = await fixture.person('new-owner')
})
afterAll(async () => {
  await Promise.all([clusters?.close(), asAdmin?.close()])
  await fixture?.close()
  await both?.close()
})

const reason = 'left the company'

/** As if that much time had passed for the worker. */
const prove = (name: string, minutes = 0) =>
  proveOffboardings(fixture.system({ clusters, clock: () => new Date(Date.now() + minutes * 60_000) }), name)

/** The API server’s authorizer may still allow what was just removed, and is asked again later. */
const proveSteady = (departingUser: Actor) =>
  vi.waitFor(async () => {
    await prove('steady', 5)
    expect((await partOf(departingUser, 'steady'))?.finishedAt).toBeInstanceOf(Date)
  }, 120_000)

/** A person with a space of their own on `steady` and a role in another person's. */
async function makeDepartingUser() {
  const [departingUser, owner] = await Promise.all([fixture.person('departing'), fixture.person('owner')])
  const make = async (by: Actor) => {
    const name = uniqueName('space')
    const wish = { name, cluster: 'steady', description: '', size: 'S' as const, endsAt: null }
    expect(await createSpace(fixture.as(by, { clusters }), wish)).toMatchObject({ settled: true })
    return name
  }
  const [own, shared] = [await make(departingUser), await make(owner)]
  const space = { name: shared, cluster: 'steady' }
  await addGrant(fixture.as(owner, { clusters }), { space, principal: departingUser.handle, role: 'editor' })
  return { departingUser, own, shared }
}

async function offboard(departingUser: Actor): Promise<string> {
  const done = await offboardPerson(fixture.as(admin, { clusters }), {
    id: departingUser.userId,
    reason,
    confirmation: departingUser.handle,
    rest: { kind: 'hand-over', to: newOwner.handle },
  })
  return done?.id ?? ''
}

/** Simulates the queue. */
async function settle(...names: string[]): Promise<void> {
  const spaces = await fixture.services.db.space.findMany({ where: { name: { in: names } } })
  for (const { id } of spaces) expect(await reconcileSpace(fixture.system({ clusters }), id)).toEqual({ settled: true })
}

const proofOf = async ({ handle }: Actor) => (await readPersonPage(fixture.as(admin), { handle })).offboarding
const partOf = async (departingUser: Actor, name: string): Promise<ClusterProof | undefined> =>
  (await proofOf(departingUser))?.clusters.find((part) => part.cluster === name)

const question = (namespace: string) => ({ namespace, verb: 'list', group: '', resource: 'pods' })

const bindingOf = ({ handle }: Actor, namespace: string) => ({
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'RoleBinding',
  metadata: { name: 'foreign', namespace },
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'edit' },
  subjects: [{ kind: 'ServiceAccount', namespace: 'spaceport-users', name: handle }],
})

/** Spaces that exist only in the database. */
async function inventSpaces(count: number): Promise<void> {
  await fixture.owner.query(
    `INSERT INTO space (id, cluster_id, name, namespace, creation, size, owner_id, status, namespace_uid)
     SELECT gen_random_uuid(), $1, $2 || n, $2 || n, 'x', 'S', $3, 'ready', 'x' FROM generate_series(1, $4::int) n`,
    [await readClusterId(fixture.services.db, 'shaky'), uniqueName('made'), newOwner.userId, count],
  )
}

const forgetInvented = () => fixture.owner.query(`UPDATE space SET status = 'deleted' WHERE namespace_uid = 'x'`)

test('once every cluster has denied all access, the certificate is complete, and anyone can compute its hash', async () => {
  const { departingUser, own, shared } = await makeDepartingUser()
  expect(await isPersonThere(cluster, departingUser.handle)).toBe(true)
  const id = await offboard(departingUser)
  await settle(own, shared)
  await prove('steady')
  expect(await isPersonThere(cluster, departingUser.handle)).toBe(false)
  expect(await proofOf(departingUser)).toMatchObject({ completedAt: null, hash: null })
  expect(JSON.parse((await readOffboarding(fixture.as(admin), { id })).text)).toMatchObject({ complete: false })
  await vi.waitFor(async () => {
    await Promise.all([prove('shaky', 5), prove('shaky', 5), prove('steady', 5)])
    expect(await proofOf(departingUser)).toMatchObject({ completedAt: expect.any(Date) })
  }, 120_000)

  const listed = async (state: 'offboarded' | 'unproven') =>
    (await listPeople(fixture.as(admin), { state, search: departingUser.handle })).rows.length
  expect([await listed('offboarded'), await listed('unproven')]).toEqual([1, 0])
  const { text, hash, handle } = await readOffboarding(fixture.as(admin), { id })
  expect(hash).toBe(createHash('sha256').update(text).digest('hex'))
  expect(handle).toBe(departingUser.handle)
  const certificate = JSON.parse(text)
  expect(canonicalJson(certificate)).toBe(text)
  expect(certificate).toMatchObject({
    ...{ id, complete: true, reason, person: { handle }, by: { handle: admin.handle } },
    ended: { grants: 1, spacesHandedOver: 1 },
    asked: { perSpace: spaceQuestions },
    clusters: [
      { name: 'shaky', spaces: 0, allowed: 0 },
      { name: 'steady', spaces: expect.any(Number), allowed: 0, serviceAccount: 'absent' },
    ],
  })
  expect(certificate.clusters[1].spaces).toBeGreaterThanOrEqual(2)
  const { rows } = await fixture.owner.query(
    `SELECT actor_kind, outcome::text, detail FROM audit_event WHERE target_id = $1 AND action = 'offboarding.complete'`,
    [departingUser.userId],
  )
  expect(rows).toEqual([
    { actor_kind: 'system', outcome: 'ok', detail: expect.objectContaining({ offboarding: id, sha256: hash }) },
  ])
  expect((await listInbox(fixture.as(admin), {})).rows.map(({ event }) => event)).toContainEqual({
    kind: 'offboarding-complete',
    person: { name: departingUser.name, handle },
  })
})

test('a remaining binding keeps it open, and shows the space and the access, until it is removed', async () => {
  const { departingUser, own, shared } = await makeDepartingUser()
  await applyObject(asAdmin.get('default'), bindingOf(departingUser, shared))
  await offboard(departingUser)
  await prove('shaky')
  // Nothing has been rewritten yet.
  await prove('steady')
  await prove('steady', 1)
  expect(await partOf(departingUser, 'steady')).toMatchObject({ finishedAt: null, unsettled: [own, shared].sort() })
  expect((await partOf(departingUser, 'steady'))?.allowed.map(({ space }) => space?.name).sort()).toEqual(
    [own, shared].sort(),
  )

  await settle(own, shared)
  await vi.waitFor(async () => {
    await prove('steady', 10)
    expect((await partOf(departingUser, 'steady'))?.allowed).toEqual([
      {
        space: { name: shared, namespace: shared },
        questions: expect.arrayContaining(['read pods', 'read secrets', 'change deployments', 'open a shell']),
      },
    ])
  }, 120_000)
  expect(await proofOf(departingUser)).toMatchObject({ completedAt: null })
  // Not immediately, regardless of how long this machine has taken.
  expect(await prove('steady', -1)).toBe(0)

  await deleteObject(asAdmin.get('default'), {
    ...bindingOf(departingUser, shared),
    namespace: shared,
    name: 'foreign',
  })
  await vi.waitFor(async () => {
    await prove('steady', 60)
    expect(await proofOf(departingUser)).toMatchObject({ completedAt: expect.any(Date) })
  }, 120_000)
})

test('an unreachable cluster keeps it open, and is asked as soon as it answers again', async () => {
  const { departingUser, own, shared } = await makeDepartingUser()
  await offboard(departingUser)
  await settle(own, shared)
  both.network.break()
  try {
    await prove('shaky')
    expect(await partOf(departingUser, 'shaky')).toMatchObject({ finishedAt: null, failureCode: 'cluster_unreachable' })
    // Not immediately, regardless of how long this machine has taken.
    expect(await prove('shaky', -1)).toBe(0)
    await proveSteady(departingUser)
  } finally {
    both.network.mend()
  }
  await expect.poll(() => resumeWaiting(fixture.system({ clusters }), 'shaky', false)).toBe(true)
  // A run may end before it has taken every step.
  await vi.waitFor(async () => {
    await prove('shaky')
    expect(await proofOf(departingUser)).toMatchObject({ completedAt: expect.any(Date) })
  }, 120_000)
})

test('a space still being created for them keeps it open until it has another owner', async () => {
  const { departingUser, own, shared } = await makeDepartingUser()
  const name = uniqueName('unborn')
  both.network.break()
  try {
    const wish = { name, cluster: 'shaky', description: '', size: 'S' as const, endsAt: null }
    expect(await createSpace(fixture.as(departingUser, { clusters }), wish)).toMatchObject({ settled: false })
  } finally {
    both.network.mend()
  }
  await offboard(departingUser)
  await settle(own, shared)
  await vi.waitFor(async () => {
    await Promise.all([prove('steady', 5), prove('shaky', 5)])
    expect((await partOf(departingUser, 'steady'))?.finishedAt).toBeInstanceOf(Date)
    expect(await partOf(departingUser, 'shaky')).toMatchObject({ failureCode: null, startedAt: expect.any(Date) })
  }, 120_000)
  await prove('shaky', 10)
  expect(await partOf(departingUser, 'shaky')).toMatchObject({ finishedAt: null, unsettled: [name] })
  await settle(name)
  await vi.waitFor(async () => {
    await prove('shaky', 90)
    expect(await proofOf(departingUser)).toMatchObject({ completedAt: expect.any(Date) })
  }, 120_000)
  // Other tests count the objects on this cluster.
  await fixture.owner.query(`UPDATE space SET status = 'deleted' WHERE name = $1`, [name])
})

test('a binding written by a process that then died doesn’t survive the offboarding', async () => {
  const departingUser = await fixture.person('departing')
  const name = uniqueName('halfmade')
  const wish = { name, cluster: 'steady', description: '', size: 'S' as const, endsAt: null }
  await createSpace(fixture.as(departingUser, { clusters }), wish)
  await fixture.owner.query(`UPDATE space SET namespace_uid = NULL, status = 'creating' WHERE name = $1`, [name])
  await offboardPerson(fixture.as(admin, { clusters }), {
    id: departingUser.userId,
    reason,
    confirmation: departingUser.handle,
    rest: { kind: 'delete', endsAt: new Date(Date.now() + 86_400_000) },
  })
  expect(await mayPerson(cluster, departingUser.handle, question(name))).toBe(true)
  await settle(name)
  await vi.waitFor(
    async () => expect(await mayPerson(cluster, departingUser.handle, question(name))).toBe(false),
    30_000,
  )
  await vi.waitFor(async () => {
    await Promise.all([prove('steady', 10), prove('shaky', 10)])
    expect(await proofOf(departingUser)).toMatchObject({ completedAt: expect.any(Date) })
  }, 120_000)
})

test('if a worker dies midway, another continues at that point', async () => {
  await inventSpaces(250)
  const { departingUser, own, shared } = await makeDepartingUser()
  await offboard(departingUser)
  await settle(own, shared)
  await proveSteady(departingUser)
  // It reads the clock when it takes a step and when it saves it: the second step is asked, but never saved.
  let looks = 0
  const clock = () => {
    if (++looks > 3) throw new Error('killed')
    return new Date()
  }
  const dying = fixture.system({ clusters, clock })
  // On a busy machine, a run ends after its first step.
  const work = async () => {
    for (;;) await proveOffboardings(dying, 'shaky')
  }
  await expect(work()).rejects.toThrow('killed')
  expect(await partOf(departingUser, 'shaky')).toMatchObject({ spaces: 100, finishedAt: null })
  // No other worker takes it until the lease expires.
  expect(await prove('shaky')).toBe(0)
  await vi.waitFor(async () => {
    await prove('shaky', 5)
    expect(await proofOf(departingUser)).toMatchObject({ completedAt: expect.any(Date) })
  }, 120_000)
  const { rows } = await fixture.owner.query(
    `SELECT spaces, reviews FROM offboarding_cluster p JOIN offboarding o ON o.id = p.offboarding_id JOIN cluster c ON c.id = p.cluster_id
     WHERE o.person_id = $1 AND c.name = 'shaky'`,
    [departingUser.userId],
  )
  expect(rows).toEqual([{ spaces: 250, reviews: 250 * spaceQuestions.length + clusterQuestions.length }])
  await forgetInvented()
}, 400_000)

test('cluster-wide access is found in more spaces than are listed, and all are asked again', async () => {
  await inventSpaces(120)
  const { departingUser, own, shared } = await makeDepartingUser()
  const { metadata: _, ...binding } = bindingOf(departingUser, shared)
  const name = uniqueName('foreign')
  const across = { ...binding, kind: 'ClusterRoleBinding', metadata: { name } }
  await applyObject(asAdmin.get('default'), across)
  await offboard(departingUser)
  await settle(own, shared)
  await vi.waitFor(async () => {
    await prove('shaky', 5)
    expect(await partOf(departingUser, 'shaky')).toMatchObject({ moreAllowed: true, spaces: 120 })
  }, 120_000)
  await prove('shaky', 30)
  const { allowed = [] } = (await partOf(departingUser, 'shaky')) ?? {}
  expect(allowed.find(({ space }) => space === null)?.questions).toContain('read secrets')
  await deleteObject(asAdmin.get('default'), { ...across, name })
  await vi.waitFor(async () => {
    await Promise.all([prove('shaky', 120), prove('steady', 120)])
    expect(await proofOf(departingUser)).toMatchObject({ completedAt: expect.any(Date) })
  }, 120_000)
  expect(await partOf(departingUser, 'shaky')).toMatchObject({ moreAllowed: false, spaces: 120 })
  await forgetInvented()
}, 400_000)

test('a late reconcile can restore their ServiceAccount only until the next full pass', async () => {
  const { departingUser, own, shared } = await makeDepartingUser()
  await offboard(departingUser)
  await settle(own, shared)
  await Promise.all([prove('steady'), prove('shaky')])
  await ensurePeople(cluster, [departingUser], { force: true })
  expect(await isPersonThere(cluster, departingUser.handle)).toBe(true)
  await checkAllForDrift(fixture.system({ clusters }), 'steady')
  expect(await isPersonThere(cluster, departingUser.handle)).toBe(false)
})

test('reactivating a person stops the questions about them, and they can be bound again', async () => {
  const { departingUser, own, shared } = await makeDepartingUser()
  const id = await offboard(departingUser)
  await reactivatePerson(fixture.as(admin, { clusters }), { id: departingUser.userId, reason: 'a mistake' })
  await settle(own, shared)
  await prove('steady', 60)
  const { rows } = await fixture.owner.query(
    'SELECT started_at FROM offboarding_cluster WHERE offboarding_id = $1 AND started_at IS NOT NULL',
    [id],
  )
  expect(rows).toEqual([])
  expect(await readOffboarding(fixture.as(admin), { id })).toMatchObject({ hash: null })
  await ensurePeople(cluster, [departingUser])
  expect(await isPersonThere(cluster, departingUser.handle)).toBe(true)
})

test('an unknown certificate is not found', async () => {
  await expect(readOffboarding(fixture.as(admin), { id: randomUUID() })).rejects.toMatchObject({ code: 'not_found' })
})

test('an admin can ask the clusters again now, and find people with an open certificate', async () => {
  const departingUser = await fixture.person('departing')
  const id = await offboard(departingUser)
  const as = fixture.as(admin, { clusters })
  const found = async (state: 'offboarded' | 'unproven') =>
    (await listPeople(as, { state, search: departingUser.handle })).rows.map(({ handle }) => handle)
  expect(await found('unproven')).toEqual([departingUser.handle])
  await fixture.owner.query(
    `UPDATE offboarding_cluster SET next_at = now() + interval '1 hour', finished_at = CASE WHEN cluster_id = $2 THEN now() END
     WHERE offboarding_id = $1`,
    [id, await readClusterId(fixture.services.db, 'shaky')],
  )
  // The portal's login can't postpone it.
  await expect(
    fixture.services.pool.query(
      `UPDATE offboarding_cluster SET next_at = next_at + interval '1 day' WHERE offboarding_id = $1`,
      [id],
    ),
  ).rejects.toThrow('only the worker')
  await askOffboardingAgain(as, { id })
  const { rows } = await fixture.owner.query(
    `SELECT c.name FROM offboarding_cluster p JOIN cluster c ON c.id = p.cluster_id WHERE p.offboarding_id = $1 AND p.next_at <= now()`,
    [id],
  )
  expect(rows).toEqual(expect.arrayContaining([{ name: 'steady' }]))
  expect(rows).not.toContainEqual({ name: 'shaky' })
  await reactivatePerson(as, { id: departingUser.userId, reason: 'back' })
  await expect(askOffboardingAgain(as, { id })).rejects.toMatchObject({ code: 'not_found' })
  expect(await found('offboarded')).toEqual([])
})
