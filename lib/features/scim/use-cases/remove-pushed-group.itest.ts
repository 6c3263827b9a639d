import { afterAll, beforeAll, expect, test } from 'vitest'
import { type BrokerFixture, issuerOfTests, openBrokerFixture } from '#dev/testing/fixtures/broker-fixture.ts'
import { policyScene } from '#dev/testing/fixtures/policy-scene.ts'
import { provision, reachOf, tokenOf } from '#dev/testing/fixtures/provisioning-scene.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { addGrant } from '#lib/features/access/use-cases/add-grant.ts'
import { listInbox } from '#lib/features/inbox/use-cases/list-inbox.ts'
import { readPolicy } from '#lib/features/policy/use-cases/read-policy.ts'
import { createSpace } from '#lib/features/spaces/use-cases/create-space.ts'
import { readSpace } from '#lib/features/spaces/use-cases/read-space.ts'
import { isInGroup } from '#lib/kernel/db/people/group-members.ts'
import type { Actor } from '#lib/kernel/model/people/person.ts'
import { readPushedGroups } from './read-pushed-groups.ts'
import { removePushedGroup } from './remove-pushed-group.ts'

let fixture: BrokerFixture
let admin: Actor
beforeAll(async () => {
  fixture = await openBrokerFixture()
  admin = await fixture.person('padmin', { platformRole: 'admin' })
})
afterAll(() => fixture.close())

const reason = 'pushed by mistake'

test('a removed group gives no access immediately, the spaces’ owners are notified, and only new sign-ins add members', async () => {
  const group = uniqueName('team')
  const owner = await fixture.person('owner')
  const [pushed, claimed] = [await fixture.person('pushed'), await fixture.person('claimed', { groups: [group] })]
  const name = uniqueName('removed')
  await createSpace(fixture.as(owner), { name, description: '', size: 'S', endsAt: null })
  await addGrant(fixture.as(owner), { space: { name }, principal: `group:${group}`, role: 'editor' })
  const { id: spaceId } = await readSpace(fixture.as(owner), { name })
  const token = await tokenOf(fixture, { makers: [] })
  const { id } = await token.push(group, [await provision(token.idp, pushed)])
  expect(await reachOf(fixture, pushed, spaceId)).toEqual({ gateway: true, cluster: true })
  const { rows } = await readPushedGroups(fixture.as(admin), {})
  expect(rows.find((row) => row.id === id)).toEqual({
    ...{ id, name: group, members: 1, spaces: 1, paused: false },
    changedAt: expect.any(Date),
    changedBy: 'a token',
  })

  await removePushedGroup(fixture.as(admin), { id, reason })
  for (const who of [pushed, claimed])
    expect(await reachOf(fixture, who, spaceId)).toEqual({ gateway: false, cluster: false })
  const [event] = (await listInbox(fixture.as(owner), {})).rows
  expect(event?.event).toMatchObject({
    kind: 'group-released',
    group,
    by: { token: null, people: [{ name: admin.name, handle: admin.handle }] },
  })
  const { rows: trail } = await fixture.owner.query(
    `SELECT e.actor_id, coalesce(o.outcome, e.outcome)::text AS outcome, e.detail || coalesce(o.detail, '{}') AS detail FROM audit_event e
     LEFT JOIN audit_event o ON o.intent_id = e.id WHERE e.action = 'provisioning.group-remove' AND e.target_id = $1 AND e.intent_id IS NULL`,
    [id],
  )
  expect(trail).toEqual([
    { actor_id: admin.userId, outcome: 'ok', detail: expect.objectContaining({ reason, members: 1, spaces: 1 }) },
  ])
  await expect(removePushedGroup(fixture.as(admin), { id, reason })).rejects.toMatchObject({ code: 'not_found' })
  // The token may push it again.
  await token.push(group, [])
})

test('removing an unlisted group that decides on requests keeps its approvers', async () => {
  const group = uniqueName('wardens')
  const claimed = await fixture.person('claimed', { groups: [group] })
  const token = await tokenOf(fixture, { makers: [] })
  const { id } = await token.push(group, [])
  const scene = policyScene(fixture, admin)
  await scene.save({ spaceRequests: { deciders: { who: 'group', issuer: issuerOfTests, group }, approvals: 1 } })
  await removePushedGroup(fixture.as(admin), { id, reason })
  expect(await isInGroup(fixture.services.db, claimed.userId, { group, issuer: issuerOfTests })).toBe(true)
  expect((await readPolicy(fixture.as(admin), {})).unstaffed).toEqual([])
  await scene.reset()
})

test('removing a listed group that gives a platform role removes the role; removing an unlisted one doesn’t', async () => {
  const removed = async (listed: string[], group: string) => {
    const holder = await fixture.person('holder', { platformRole: 'admin', groups: [group] })
    const roleGroups = { adminGroups: [group], auditorGroups: [] }
    // Pushed before the configuration named it.
    const token = await tokenOf(fixture, { makers: [], listed })
    const { id } = await token.push(group, [])
    const policy = { ...fixture.services.policy, pushedPrivilegedGroups: listed }
    await removePushedGroup(fixture.as(admin, { roleGroups, policy }), { id, reason })
    const { rows } = await fixture.owner.query('SELECT platform_role FROM user_account WHERE id = $1', [holder.userId])
    return rows[0].platform_role
  }
  const [listed, unlisted] = [uniqueName('admins'), uniqueName('admins')]
  expect(await removed([listed], listed)).toBe('member')
  expect(await removed([], unlisted)).toBe('admin')
})
