import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type BrokerFixture, issuerOfTests, openBrokerFixture } from '#dev/testing/fixtures/broker-fixture.ts'
import { wish } from '#dev/testing/fixtures/policy-scene.ts'
import { addGrant } from '#lib/features/access/use-cases/add-grant.ts'
import { decideRequest } from '#lib/features/requests/use-cases/decide-request.ts'
import { readRequest } from '#lib/features/requests/use-cases/read-request.ts'
import { requestRole } from '#lib/features/requests/use-cases/request-role.ts'
import { createSpace } from '#lib/features/spaces/use-cases/create-space.ts'
import { countOwnedSpaces } from '#lib/kernel/db/spaces/count-owned-spaces.ts'
import type { PolicyRules } from '#lib/kernel/model/policy/policy-rules.ts'
import { readPolicy } from './read-policy.ts'
import { tryPolicy } from './try-policy.ts'

let fixture: BrokerFixture
beforeAll(async () => {
  fixture = await openBrokerFixture({ offline: true })
})
afterAll(() => fixture.close())

test('the trial counts what the rules would have done last month, and changes nothing', async () => {
  const platformAdmin = fixture.as(await fixture.person('padmin', { platformRole: 'admin' }))
  const [owner, friend, exempt] = await Promise.all([
    fixture.person('owner'),
    fixture.person('friend'),
    fixture.person('exempt', { groups: ['crew'] }),
  ])
  const [first, second, free] = [wish(), wish({ size: 'M' }), wish({ size: 'M' })]
  await createSpace(fixture.as(owner), first)
  await createSpace(fixture.as(owner), second)
  await createSpace(fixture.as(exempt), free)
  const space = { name: first.name }
  await addGrant(fixture.as(owner), { space, principal: friend.handle, role: 'editor' })
  const { id } = await requestRole(fixture.as(await fixture.person('asker')), {
    space,
    role: 'viewer',
    minutes: 9 * 1440,
    reason: 'to look',
  })
  const { payloadHash } = await readRequest(fixture.as(owner), { id })
  await decideRequest(fixture.as(owner), { id, payloadHash, decision: 'approve' })
  await fixture.owner.query(
    `INSERT INTO space (id, cluster_id, name, namespace, creation, size, owner_id, created_at)
       SELECT $1, cluster_id, 'long-ago', 'long-ago', 'x', 'L', $2, now() - interval '31 days' FROM space LIMIT 1`,
    [randomUUID(), friend.userId],
  )
  const { configuredRules } = fixture.services
  const nothing = await tryPolicy(platformAdmin, { rules: configuredRules })
  expect(nothing).toMatchObject({
    spaces: { tried: 3, more: false, refused: 0, approval: 0, newest: [] },
    grants: { tried: 1, refused: 0, approval: 0 },
    requests: { tried: 1, refused: 0, approval: 0 },
  })
  const rules: PolicyRules = {
    ...configuredRules,
    maxSize: 'S',
    approvalRoles: ['editor'],
    longestRoleDays: { viewer: 8, editor: null, admin: null },
    exemptGroups: [{ issuer: issuerOfTests, group: 'crew' }],
  }
  expect(await tryPolicy(platformAdmin, { rules })).toMatchObject({
    spaces: {
      tried: 3,
      refused: 0,
      approval: 1,
      newest: [{ space: { name: second.name }, owner: owner.handle, exists: true, why: 'Size M' }],
    },
    grants: { approval: 1, newest: [{ space, to: friend.handle, why: 'The role editor' }] },
    requests: { refused: 1, newest: [{ id }] },
  })
  expect(await tryPolicy(platformAdmin, { rules: { ...configuredRules, spaceLimit: 1 } })).toMatchObject({
    spaces: { approval: 1 },
  })
  expect(await tryPolicy(platformAdmin, { rules: { ...configuredRules, longestSpaceDays: 30 } })).toMatchObject({
    spaces: { refused: 3 },
  })
  expect((await readPolicy(platformAdmin, {})).number).toBe(0)
})

test('the trial counts an owner’s spaces like the rule: deletions in progress are free up to the limit', async () => {
  const platformAdmin = fixture.as(await fixture.person('padmin', { platformRole: 'admin' }))
  const owner = fixture.as(await fixture.person('deleter'))
  const { configuredRules } = fixture.services
  const spaceLimit = 2
  await fixture.owner.query(
    `INSERT INTO space (id, cluster_id, name, namespace, creation, size, status, owner_id, created_at, delete_requested_at, deleted_at)
       SELECT gen_random_uuid(), c.id, r.name, r.name, r.name, 'S', r.status::space_status, $1,
         now() - r.age * interval '1 minute', now() - r.deleting * interval '1 minute', now() - r.gone * interval '1 minute'
       FROM (SELECT id FROM cluster LIMIT 1) c, (VALUES
         ('gone', 'deleted', 90, 80, 70), ('going-1', 'deleting', 60, 50, NULL), ('going-2', 'deleting', 60, 50, NULL),
         ('fourth', 'ready', 40, NULL, NULL), ('fifth', 'deleting', 30, 20, NULL), ('sixth', 'ready', 10, NULL, NULL)
       ) AS r(name, status, age, deleting, gone)`,
    [owner.actor.userId],
  )
  const counted = async (limit: number, name: string) => {
    // Every space is refused, so the result has the count of each.
    const trial = await tryPolicy(platformAdmin, {
      rules: { ...configuredRules, spaceLimit: limit, longestSpaceDays: 1 },
    })
    return trial.spaces.newest.find(({ space }) => space.name === name)?.ownedBefore
  }
  // With a limit of two, two deletions are free; of three, one counts.
  expect(await counted(spaceLimit, 'fourth')).toBe(0)
  expect(await counted(spaceLimit, 'fifth')).toBe(1)
  expect(await counted(spaceLimit, 'sixth')).toBe(2)
  expect(await counted(1, 'fourth')).toBe(1)
  const now = await countOwnedSpaces(fixture.services.pool, owner.actor.userId, spaceLimit)
  expect(now).toBe(3)
})
