import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { type BrokerFixture, openBrokerFixture } from '#dev/testing/fixtures/broker-fixture.ts'
import { openClustersSideBySide } from '#dev/testing/fixtures/clusters-side-by-side.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { createSpace } from '#lib/features/spaces/use-cases/create-space.ts'
import { upsertClusters } from '#lib/kernel/db/spaces/clusters.ts'
import type { Actor } from '#lib/kernel/model/people/person.ts'
import { bindingRemoval } from '#lib/kernel/model/requests/review.ts'
import { type Clusters, connectClusters } from '#lib/kube/client/cluster.ts'
import { applyObject } from '#lib/kube/objects/apply-object.ts'
import { advanceReviews } from './advance-reviews.ts'
import { decideReview } from './decide-review.ts'
import { endReview } from './end-review.ts'
import { observeReviewed } from './observe-reviewed.ts'
import { readReview } from './read-review.ts'
import { startReview } from './start-review.ts'

/** One API server under two names, `steady` and `shaky`, the second behind a network that can fail. */
let fixture: BrokerFixture
let both: Awaited<ReturnType<typeof openClustersSideBySide>>
let clusters: Clusters
let asAdmin: Clusters
let admin: Actor
beforeAll(async () => {
  both = await openClustersSideBySide()
  fixture = await openBrokerFixture()
  clusters = connectClusters({ kubeconfig: both.kubeconfig, clusters: both.clusters })
  asAdmin = connectClusters({ kubeconfig: inject('kubeAdmin'), clusters: [] })
  await upsertClusters(fixture.services.db, clusters.names)
  admin = await fixture.person('admin', { platformRole: 'admin' })
})
afterAll(async () => {
  await Promise.all([clusters?.close(), asAdmin?.close()])
  await fixture?.close()
  await both?.close()
})

const reason = 'a test'
const system = (minutes = 0) => fixture.system({ clusters, clock: () => new Date(Date.now() + minutes * 60_000) })

async function makeSpace(cluster: string) {
  const owner = await fixture.person('owner')
  const name = uniqueName('bound')
  await createSpace(fixture.as(owner, { clusters }), { name, cluster, description: '', size: 'S', endsAt: null })
  return { owner, name }
}

const bind = (namespace: string, name: string, subjects: { kind: string; name: string; namespace?: string }[]) =>
  applyObject(asAdmin.get('default'), {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: { name, namespace },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'edit' },
    subjects: subjects.map((subject) =>
      subject.kind === 'ServiceAccount' ? subject : { apiGroup: 'rbac.authorization.k8s.io', ...subject },
    ),
  })

async function start(spaces: string[]): Promise<string> {
  const dueAt = new Date(Date.now() + 7 * 86_400_000)
  const wish = { name: uniqueName('review'), spaces, dueAt, undecided: 'revoke' as const }
  const { id } = await startReview(fixture.as(admin, { clusters }), wish)
  await advanceReviews(system())
  return id
}

const bindingsOf = async (by: Actor, id: string) =>
  (await readReview(fixture.as(by, { clusters }), { id, filter: { show: 'all', kind: 'binding' } })).lines

test('bindings that Spaceport didn’t make can be kept or flagged but not revoked', async () => {
  const { owner, name } = await makeSpace('steady')
  const member = await fixture.person('member')
  const account = { kind: 'ServiceAccount', namespace: 'spaceport-users' }
  await bind(name, 'outsider', [{ kind: 'User', name: 'jane@corp' }])
  await bind(name, 'for-owner', [{ ...account, name: owner.handle }])
  await bind(name, 'for-member', [{ ...account, name: member.handle }])
  // A name that Postgres can't store must not hide other bindings from the review.
  await bind(name, 'odd', [{ kind: 'User', name: 'system:serviceaccount:spaceport-users:a\0b' }])
  const nobodies = Array.from({ length: 2_000 }, (_, number) => ({ ...account, name: `nobody-${number}` }))
  await bind(name, 'crowd', nobodies)
  // A workload of the space itself, which is up to its members.
  await bind(name, 'workload', [{ kind: 'ServiceAccount', namespace: name, name: 'default' }])
  const id = await start([name])
  await Promise.all([observeReviewed(system(), 'steady'), observeReviewed(system(), 'steady')])
  await expect
    .poll(async () => {
      await observeReviewed(system(10), 'steady')
      return await bindingsOf(admin, id)
    })
    .toHaveLength(5)
  const lines = await bindingsOf(admin, id)
  const of = (binding: string) => lines.find((line) => line.binding?.name === binding)
  expect(lines.map(({ binding }) => binding?.name).sort()).toEqual([
    'crowd',
    'for-member',
    'for-owner',
    'odd',
    'outsider',
  ])
  expect(of('outsider')).toMatchObject({
    role: 'ClusterRole/edit',
    holder: 'User jane@corp',
    space: name,
    since: expect.any(Date),
  })
  expect(of('crowd')?.binding).toMatchObject({ leftOut: 1_980 })
  const kept = await fixture.owner.query('SELECT cardinality(handles) AS people FROM review_line WHERE id = $1', [
    of('crowd')?.id,
  ])
  expect(kept.rows).toEqual([{ people: 0 }])
  const found = of('outsider')?.binding
  expect(found && bindingRemoval(found)).toBe(`kubectl delete -n ${name} --ignore-not-found rolebinding/outsider`)

  const decide = (binding: string, decision: 'keep' | 'revoke' | 'flag') =>
    decideReview(fixture.as(owner, { clusters }), { id, ids: [of(binding)?.id ?? ''], decision, reason })
  await expect(decide('outsider', 'revoke')).rejects.toMatchObject({ code: 'bad_input' })
  expect(await decide('outsider', 'flag')).toMatchObject({ decided: 1 })
  await expect(decide('for-owner', 'keep')).rejects.toMatchObject({ code: 'own_access' })

  await endReview(fixture.as(admin, { clusters }), { id, reason })
  await advanceReviews(system())
  const states = Object.fromEntries((await bindingsOf(admin, id)).map(({ binding, state }) => [binding?.name, state]))
  expect(states).toEqual({
    outsider: 'flagged',
    odd: 'undecided',
    crowd: 'undecided',
    'for-owner': 'undecided',
    'for-member': 'undecided',
  })
})

test('an unreachable cluster is shown and retried, and does not delay the review', async () => {
  const { owner, name } = await makeSpace('shaky')
  await bind(name, 'outsider', [{ kind: 'Group', name: 'contractors' }])
  const id = await start([name])
  const part = async () =>
    (await readReview(fixture.as(admin, { clusters }), { id, filter: {} })).review.clusters.find(
      ({ cluster }) => cluster === 'shaky',
    )
  both.network.break()
  try {
    await observeReviewed(system(), 'shaky')
    expect(await part()).toMatchObject({ failureCode: 'cluster_unreachable', finishedAt: null })
    expect((await readReview(fixture.as(admin, { clusters }), { id, filter: {} })).review.state).toBe('open')
  } finally {
    both.network.mend()
  }
  await expect
    .poll(async () => {
      await observeReviewed(system(10), 'shaky')
      return await part()
    })
    .toMatchObject({ failureCode: null, finishedAt: expect.any(Date), spaces: 1 })
  await advanceReviews(system())
  expect(await bindingsOf(admin, id)).toMatchObject([{ holder: 'Group contractors', cluster: 'shaky' }])
  expect(owner.handle).not.toBe('')
})
