/** Owners are notified when a push gives people access to their space, takes a group over, or gives it up. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type BrokerFixture, issuerOfTests, openBrokerFixture } from '#dev/testing/fixtures/broker-fixture.ts'
import { provision, tokenOf } from '#dev/testing/fixtures/provisioning-scene.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { addGrant } from '#lib/features/access/use-cases/add-grant.ts'
import { listInbox } from '#lib/features/inbox/use-cases/list-inbox.ts'
import { createSpace } from '#lib/features/spaces/use-cases/create-space.ts'
import type { Actor } from '#lib/kernel/model/people/person.ts'
import { deleteGroup } from './delete-group.ts'

let fixture: BrokerFixture
let maker: Actor
beforeAll(async () => {
  fixture = await openBrokerFixture({ offline: true })
  maker = await fixture.person('maker', { platformRole: 'admin' })
})
afterAll(() => fixture.close())

/** A space in which a group has a role. */
async function spaceWith(...groups: string[]) {
  const owner = await fixture.person('owner')
  const name = uniqueName('told')
  await createSpace(fixture.as(owner), { name, description: '', size: 'S', endsAt: null })
  for (const group of groups)
    await addGrant(fixture.as(owner), { space: { name }, principal: `group:${group}`, role: 'viewer' })
  /** The owner's notifications since the last call, oldest first. */
  const seen = new Set<string>()
  const news = async () => {
    const { rows } = await listInbox(fixture.as(owner), {})
    const fresh = rows.filter(({ id }) => !seen.has(id)).reverse()
    for (const { id } of fresh) seen.add(id)
    return fresh.map(({ event }) => event).filter(({ kind }) => kind.startsWith('group-'))
  }
  return { owner, name, news, space: { name, cluster: fixture.services.clusters.defaultName } }
}
const nameOf = ({ name, handle }: Actor) => ({ name, handle })
const byHandle = (a: Actor, b: Actor) => (a.handle < b.handle ? -1 : 1)

test('the first access through a push is one event for each space, with the group, the people, the token and its makers', async () => {
  const group = uniqueName('team')
  const [one, two] = [await spaceWith(group), await spaceWith(group)]
  const people = await Promise.all(Array.from({ length: 7 }, (_, at) => fixture.person(`p${at}`)))
  const token = await tokenOf(fixture, { makers: [maker] })
  const ids = await Promise.all(people.map((who) => provision(token.idp, who)))
  const [owners, makers] = await Promise.all([provision(token.idp, one.owner), provision(token.idp, maker)])
  const { id } = await token.push(group, [...ids.slice(0, 6), owners, makers])
  const first = people.slice(0, 6).sort(byHandle)
  const by = { token: 'a token', people: [nameOf(maker)] }
  const said = { kind: 'group-pushed', group, by, takenOver: false }
  // Neither the owner nor the token's maker gains access there.
  expect(await one.news()).toEqual([{ ...said, space: one.space, count: 6, people: first.slice(0, 5).map(nameOf) }])
  expect(await two.news()).toMatchObject([{ ...said, space: two.space, count: 7 }])
  const last = people[6]
  if (!last) throw new Error('nobody')
  await token.patch(id, { op: 'add', path: 'members', value: [{ value: ids[6] }] })
  expect(await one.news()).toEqual([{ ...said, space: one.space, count: 1, people: [nameOf(last)] }])
  // No one's access changes.
  await token.patch(id, { op: 'add', path: 'members', value: [{ value: ids[6] }] })
  await token.patch(id, { op: 'remove', path: `members[value eq "${ids[0]}"]` })
  expect(await one.news()).toEqual([])
  const { rows } = await fixture.owner.query(
    `SELECT coalesce(o.detail, e.detail)->>'spacesNotified' AS spaces FROM audit_event e JOIN audit_event o ON o.intent_id = e.id
     WHERE e.action = 'provisioning.group-create' AND o.target_id = $1`,
    [id],
  )
  expect(rows).toEqual([{ spaces: '2' }])
})

test('people who already have access, directly or through another group, are not reported', async () => {
  const [group, other] = [uniqueName('team'), uniqueName('other')]
  const { owner, name, news } = await spaceWith(group, other)
  const [direct, elsewhere, fresh] = await Promise.all([
    fixture.person('direct'),
    fixture.person('elsewhere', { groups: [other] }),
    fixture.person('fresh'),
  ])
  await addGrant(fixture.as(owner), { space: { name }, principal: `user:${direct.handle}`, role: 'editor' })
  const token = await tokenOf(fixture, { makers: [] })
  const ids = await Promise.all([direct, elsewhere, fresh].map((who) => provision(token.idp, who)))
  await token.push(group, ids)
  expect(await news()).toMatchObject([{ by: { token: 'a token', people: [] }, count: 1, people: [nameOf(fresh)] }])
})

test('deactivated people are reported too, since a token could reactivate them unnoticed', async () => {
  const group = uniqueName('team')
  const space = await spaceWith(group)
  const sleeper = await fixture.person('sleeper')
  const token = await tokenOf(fixture, { makers: [maker] })
  const id = await provision(token.idp, sleeper)
  await fixture.owner.query('UPDATE user_account SET deactivated_at = now() WHERE id = $1', [sleeper.userId])
  await token.push(group, [id])
  expect(await space.news()).toMatchObject([{ kind: 'group-pushed', count: 1, people: [nameOf(sleeper)] }])
})

test('taking over a group from sign-ins, by a push or a rename, is reported even if no one gains access', async () => {
  const [group, renamed] = [uniqueName('team'), uniqueName('renamed')]
  const { news } = await spaceWith(group, renamed)
  const [member, other, joins] = await Promise.all([
    fixture.person('member', { groups: [group] }),
    fixture.person('other', { groups: [renamed] }),
    fixture.person('joins'),
  ])
  const token = await tokenOf(fixture, { makers: [maker] })
  const known = await provision(token.idp, member)
  const { id } = await token.push(group, [known])
  expect(await news()).toMatchObject([{ kind: 'group-pushed', group, takenOver: true, count: 0, people: [] }])
  await token.patch(
    id,
    { op: 'replace', path: 'displayName', value: renamed },
    { op: 'add', path: 'members', value: [{ value: await provision(token.idp, joins) }] },
  )
  // Neither was in either group before. The member of the renamed group has lost it.
  expect(await news()).toMatchObject([
    { kind: 'group-pushed', group: renamed, takenOver: true, count: 2 },
    { kind: 'group-released', group, by: { token: 'a token', people: [nameOf(maker)] } },
  ])
  expect(other.groups).toEqual([renamed])
})

test('giving a group up is reported: from then on sign-ins decide its members', async () => {
  const group = uniqueName('team')
  const { news, space } = await spaceWith(group)
  const token = await tokenOf(fixture, { makers: [maker] })
  const { id } = await token.push(group, [])
  await deleteGroup(token.idp, { id, ifMatch: null })
  const by = { token: 'a token', people: [nameOf(maker)] }
  expect(await news()).toEqual([{ kind: 'group-released', space, group, by }])
})

test('a membership that starts to count when another token sets it is reported then', async () => {
  const group = uniqueName('team')
  const { news } = await spaceWith(group)
  const thief = await fixture.person('thief', { platformRole: 'admin' })
  const token = await tokenOf(fixture, { makers: [thief] })
  const id = await provision(token.idp, thief)
  const pushed = await token.push(group, [id])
  expect(await news()).toEqual([])
  const operator = await tokenOf(fixture, { makers: [] })
  await operator.put(pushed.id, group, [id])
  expect(await news()).toMatchObject([{ count: 1, people: [nameOf(thief)] }])
})

test('thousands of members in hundreds of spaces take seconds and make one event for each space, with a few names', async () => {
  const group = uniqueName('crowd')
  const { owner, news } = await spaceWith(group)
  const { rows } = await fixture.owner.query(
    `WITH u AS (INSERT INTO user_account (id, issuer, subject, handle, name, email, platform_role, groups_verified_at, last_sign_in_at)
       SELECT gen_random_uuid(), $1, $2 || n, $2 || n, 'Crowd', '', 'member', now(), now() FROM generate_series(1, 5000) n RETURNING id)
     INSERT INTO scim_user (id, user_id, user_name, attributes, created_at, modified_at)
     SELECT gen_random_uuid(), u.id, u.id::text, '{}', now(), now() FROM u RETURNING id`,
    [issuerOfTests, `${group}-`],
  )
  await fixture.owner.query(
    `WITH s AS (INSERT INTO space (id, cluster_id, name, namespace, creation, size, owner_id, created_at)
       SELECT gen_random_uuid(), cluster_id, $2 || n, $2 || n, gen_random_uuid(), 'S', $1, now() FROM space, generate_series(1, 300) n
       WHERE owner_id = $1 RETURNING id)
     INSERT INTO space_grant (id, space_id, "group", group_issuer, role, created_by_id, created_at, starts_at)
     SELECT gen_random_uuid(), s.id, $3, $4, 'viewer', $1, now(), now() FROM s`,
    [owner.userId, `${group}-`.toLowerCase(), group, issuerOfTests],
  )
  const token = await tokenOf(fixture, { makers: [maker] })
  const begun = performance.now()
  await token.push(
    group,
    rows.map(({ id }) => id),
  )
  console.info(`5,000 members in 301 spaces: ${Math.round(performance.now() - begun)} ms`)
  const { rows: events } = await fixture.owner.query(
    `SELECT count(*)::int AS events, max(length(data::text))::int AS longest FROM inbox_event WHERE user_id = $1 AND kind = 'group-pushed'`,
    [owner.userId],
  )
  expect(events[0].events).toBe(301)
  expect(events[0].longest).toBeLessThan(2_000)
  expect((await news())[0]).toMatchObject({ count: 5_000 })
  await fixture.owner.query(`UPDATE space SET status = 'deleted', deleted_at = now() WHERE name LIKE $1`, [
    `${group}-%`.toLowerCase(),
  ])
})
