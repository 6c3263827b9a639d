import { afterAll, beforeAll, expect, test } from 'vitest'
import { type BrokerFixture, openBrokerFixture } from '#dev/testing/fixtures/broker-fixture.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { readClusterId } from '#lib/kernel/db/spaces/clusters.ts'
import type { Actor } from '#lib/kernel/model/people/person.ts'
import { selectRemainingAccess } from './select-remaining-access.ts'

let fixture: BrokerFixture
beforeAll(async () => {
  fixture = await openBrokerFixture()
})
afterAll(() => fixture?.close())

async function inventSpace(owner: Actor): Promise<string> {
  const { rows } = await fixture.owner.query(
    `INSERT INTO space (id, cluster_id, name, namespace, creation, size, owner_id, status, namespace_uid)
     VALUES (gen_random_uuid(), $1, $2, $2, 'x', 'S', $3, 'ready', 'x') RETURNING id`,
    [await readClusterId(fixture.services.db, 'default'), uniqueName('left'), owner.userId],
  )
  return rows[0].id
}

/** What the gateway writes about a change with kubectl, repeated. */
async function writeChanges(
  by: Actor,
  spaceId: string,
  { action, kind, name, times }: { action: string; kind: string; name: string; times: number },
): Promise<void> {
  await fixture.owner.query(
    `WITH intents AS (
       INSERT INTO audit_event (id, action, at, actor_kind, actor_id, target_kind, target_name, space_id, observer, destination)
       SELECT gen_random_uuid(), $3, now(), 'user', $1, $4, $5, $2, 'gateway/test', 'cluster/default' FROM generate_series(1, $6::int)
       RETURNING id)
     INSERT INTO audit_event (id, intent_id, action, at, actor_kind, actor_id, target_kind, target_name, space_id, observer, destination, outcome)
     SELECT gen_random_uuid(), id, $3, now(), 'user', $1, $4, $5, $2, 'gateway/test', 'cluster/default', 'ok' FROM intents`,
    [by.userId, spaceId, action, kind, name, times],
  )
}

test('thousands of harmless changes don’t hide what was created before them', async () => {
  const departingUser = await fixture.person('departing')
  const spaceId = await inventSpace(departingUser)
  const binding = { kind: 'rolebindings.rbac.authorization.k8s.io', name: 'backdoor' }
  const account = { kind: 'serviceaccounts', name: 'harmless' }
  await writeChanges(departingUser, spaceId, { action: 'kubectl.create', ...binding, times: 1 })
  await writeChanges(departingUser, spaceId, { action: 'kubectl.patch', ...account, times: 5_000 })
  const left = await selectRemainingAccess(fixture.services.pool, departingUser.userId, 10)
  expect(left).toMatchObject([{ space: { id: spaceId }, objects: [binding, account] }])
})
