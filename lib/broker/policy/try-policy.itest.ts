import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type BrokerFixture, issuerOfTests, openBrokerFixture } from '#dev/testing/broker-fixture.ts'
import { wish } from '#dev/testing/policy-scene.ts'
import { addGrant } from '#lib/broker/access/add-grant.ts'
import { decideRequest } from '#lib/broker/requests/decide-request.ts'
import { readRequest } from '#lib/broker/requests/read-request.ts'
import { requestRole } from '#lib/broker/requests/request-role.ts'
import { createSpace } from '#lib/broker/spaces/create-space.ts'
import type { PolicyRules } from '#lib/domain/policy-rules.ts'
import { readPolicy } from './read-policy.ts'
import { tryPolicy } from './try-policy.ts'

let fixture: BrokerFixture
beforeAll(async () => {
  fixture = await openBrokerFixture()
})
afterAll(() => fixture.close())

test('the dry run counts what the last month would have been, and changes nothing', async () => {
  const office = fixture.as(await fixture.person('padmin', { platformRole: 'admin' }))
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
  const nothing = await tryPolicy(office, { rules: configuredRules })
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
  expect(await tryPolicy(office, { rules })).toMatchObject({
    spaces: {
      tried: 3,
      refused: 0,
      approval: 1,
      newest: [{ space: { name: second.name }, owner: owner.handle, exists: true, why: 'Size M' }],
    },
    grants: { approval: 1, newest: [{ space, to: friend.handle, why: 'The role editor' }] },
    requests: { refused: 1, newest: [{ id }] },
  })
  expect(await tryPolicy(office, { rules: { ...configuredRules, spaceLimit: 1 } })).toMatchObject({
    spaces: { approval: 1 },
  })
  expect(await tryPolicy(office, { rules: { ...configuredRules, longestSpaceDays: 30 } })).toMatchObject({
    spaces: { refused: 3 },
  })
  expect((await readPolicy(office, {})).number).toBe(0)
})
