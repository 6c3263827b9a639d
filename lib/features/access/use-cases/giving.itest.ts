import { randomBytes, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type BrokerFixture, openBrokerFixture } from '#dev/testing/fixtures/broker-fixture.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { listAdminActs } from '#lib/features/inbox/use-cases/list-admin-acts.ts'
import { markRead } from '#lib/features/inbox/use-cases/mark-read.ts'
import { decideRequest } from '#lib/features/requests/use-cases/decide-request.ts'
import { readRequest } from '#lib/features/requests/use-cases/read-request.ts'
import { requestRole } from '#lib/features/requests/use-cases/request-role.ts'
import { createSpace } from '#lib/features/spaces/use-cases/create-space.ts'
import { listSpaces } from '#lib/features/spaces/use-cases/list-spaces.ts'
import { readSpace } from '#lib/features/spaces/use-cases/read-space.ts'
import { selectAccess } from '#lib/gateway/db/select-access.ts'
import { selectPeopleOfCluster } from '#lib/kernel/db/people/select-people-of-cluster.ts'
import { loadDesiredSpace } from '#lib/kernel/db/spaces/load-desired-space.ts'
import type { Actor } from '#lib/kernel/model/people/person.ts'
import { addGrant } from './add-grant.ts'
import { changeGrant } from './change-grant.ts'
import { listGrants } from './list-grants.ts'

let fixture: BrokerFixture
let owner: Actor
let admin: Actor
beforeAll(async () => {
  fixture = await openBrokerFixture()
  owner = await fixture.person('owner')
  admin = await fixture.person('padmin', { platformRole: 'admin' })
})
afterAll(() => fixture.close())

async function makeSpace(): Promise<{ name: string }> {
  const host = await fixture.person('host')
  owner = host
  const space = { name: uniqueName('given') }
  await createSpace(fixture.as(host), { ...space, description: '', size: 'S', endsAt: null })
  return space
}

const hours = (count: number) => new Date(Date.now() + count * 3_600_000)
const grantOf = async (space: { name: string }, of: string) => {
  const { grants } = await listGrants(fixture.as(owner), space)
  return grants.find(({ principal }) => (principal.kind === 'user' ? principal.handle : principal.name) === of)
}

test('a temporary admin cannot grant more than their own role to a friend, a group or an existing grant, but can grant the same or less', async () => {
  const space = await makeSpace()
  const [guest, friend, mate] = await Promise.all(['guest', 'friend', 'mate'].map((name) => fixture.person(name)))
  if (!guest || !friend || !mate) throw new Error('no reader')
  const ends = hours(1)
  await addGrant(fixture.as(owner), { space, principal: guest.handle, role: 'admin', endsAt: ends })
  await addGrant(fixture.as(owner), { space, principal: mate.handle, role: 'editor', endsAt: null })
  const beyond = { code: 'beyond_own' }
  for (const [principal, endsAt] of [
    [friend.handle, null],
    [friend.handle, hours(2)],
    [`group:${uniqueName('friends')}`, null],
  ] as const)
    for (const role of ['viewer', 'admin'] as const)
      await expect(addGrant(fixture.as(guest), { space, principal, role, endsAt })).rejects.toMatchObject(beyond)
  const mates = (await grantOf(space, mate.handle))?.id ?? ''
  for (const change of [{ role: 'admin' as const }, { role: 'admin' as const, endsAt: hours(2) }])
    await expect(changeGrant(fixture.as(guest), { space, grantId: mates, ...change })).rejects.toMatchObject(beyond)

  await addGrant(fixture.as(guest), { space, principal: friend.handle, role: 'admin', endsAt: ends })
  await changeGrant(fixture.as(guest), { space, grantId: mates, role: 'viewer' })
  expect(await grantOf(space, mate.handle)).toMatchObject({ role: 'viewer', endsAt: null, asPlatformAdmin: false })
})

test('a platform admin adds others only with a reason, and the owner sees a notice until they dismiss it', async () => {
  const space = await makeSpace()
  const friend = await fixture.person('friend')
  const gift = { space, principal: friend.handle, role: 'editor' as const }
  for (const reason of [undefined, ' x '])
    await expect(addGrant(fixture.as(admin), { ...gift, reason })).rejects.toMatchObject({
      code: 'bad_input',
      fields: { reason: expect.stringContaining('The owner is notified') },
    })
  expect(await listAdminActs(fixture.as(owner))).toEqual([])
  await addGrant(fixture.as(admin), { ...gift, reason: 'the owner is on leave' })
  const [notice] = await listAdminActs(fixture.as(owner))
  expect(notice).toMatchObject({
    space: { name: space.name },
    act: {
      kind: 'grant',
      by: { handle: admin.handle },
      to: { kind: 'user', handle: friend.handle, name: friend.name },
      role: 'editor',
      endsAt: null,
      before: null,
      reason: 'the owner is on leave',
    },
  })
  const { rows } = await fixture.owner.query(
    `SELECT detail FROM audit_event WHERE action = 'grant.add' AND target_name = $1 AND outcome IS NULL`,
    [space.name],
  )
  expect(rows.at(-1)).toMatchObject({ detail: { asPlatformAdmin: true, reason: 'the owner is on leave' } })
  expect(await grantOf(space, friend.handle)).toMatchObject({ asPlatformAdmin: true })

  const grantId = (await grantOf(space, friend.handle))?.id ?? ''
  await expect(changeGrant(fixture.as(admin), { space, grantId, role: 'admin' })).rejects.toMatchObject({
    code: 'bad_input',
  })
  await changeGrant(fixture.as(admin), { space, grantId, role: 'admin', reason: 'more to do' })
  expect((await listAdminActs(fixture.as(owner)))[0]).toMatchObject({ act: { role: 'admin', before: 'editor' } })

  const dismissed = { id: notice?.id ?? '' }
  await expect(markRead(fixture.as(friend), dismissed)).rejects.toMatchObject({ code: 'not_found' })
  await markRead(fixture.as(owner), dismissed)
  expect((await listAdminActs(fixture.as(owner))).map(({ id }) => id)).not.toContain(dismissed.id)
  expect(await listAdminActs(fixture.as(friend))).toEqual([])
})

test('the owner is notified when a platform admin approves a role in their space', async () => {
  const space = await makeSpace()
  const asker = await fixture.person('asker')
  const { id } = await requestRole(fixture.as(asker), { space, role: 'viewer', minutes: 1_440, reason: 'to look' })
  const { payloadHash } = await readRequest(fixture.as(admin), { id })
  await decideRequest(fixture.as(admin), { id, payloadHash, decision: 'approve', reason: '', minutes: null })
  expect(await listAdminActs(fixture.as(owner))).toMatchObject([
    { act: { kind: 'request', to: { kind: 'user', handle: asker.handle }, role: 'viewer', reason: 'to look' } },
  ])
})

test('the owner is not notified of grants by an owner or admin from their own role', async () => {
  const space = await makeSpace()
  const [friend, mate] = [await fixture.person('friend'), await fixture.person('mate')]
  await addGrant(fixture.as(owner), { space, principal: friend.handle, role: 'admin' })
  await addGrant(fixture.as(friend), { space, principal: mate.handle, role: 'admin' })
  expect(await listAdminActs(fixture.as(owner))).toEqual([])
})

test('a platform admin’s grant to a group never counts for that admin, even if they join the group later', async () => {
  const space = await makeSpace()
  const group = uniqueName('crew')
  const [giver, other] = await Promise.all([
    fixture.person('padmin', { platformRole: 'admin' }),
    fixture.person('other', { groups: [group] }),
  ])
  const tokenHash = randomBytes(32)
  await fixture.services.db.credential.create({
    data: { id: randomUUID(), userId: giver.userId, tokenHash, endsAt: hours(1) },
  })
  const principal = `group:${group}`
  await addGrant(fixture.as(giver), { space, principal, role: 'admin', reason: 'they take it over' })
  await fixture.services.db.userGroup.create({ data: { userId: giver.userId, group } })
  const inGroup = { ...giver, groups: [group] }
  const spaceId = (await readSpace(fixture.as(owner), space)).id

  /** The effective role everywhere it is read: portal, list, gateway, cluster. */
  const counts = async (userId: string) => {
    const { services } = fixture
    const ctx = fixture.as(userId === giver.userId ? inGroup : other)
    const access = await selectAccess(services.pool, [tokenHash.toString('hex')], 'open')
    const wanted = await loadDesiredSpace(services.db, spaceId, new Date())
    const people = await selectPeopleOfCluster(services.db, ctx.clusters.defaultName, new Date())
    return {
      standing: (await readSpace(ctx, space)).standing,
      listed: (await listSpaces(ctx, { role: 'admin' })).rows.some(({ id }) => id === spaceId),
      rendered: wanted?.wanted.members.some(({ member }) => member.userId === userId),
      onCluster: people.some((person) => person.userId === userId),
      gateway: access.some(({ spans }) => spans.some((span) => span.spaceId === spaceId)),
    }
  }
  expect(await counts(giver.userId)).toEqual({
    standing: null,
    listed: false,
    rendered: false,
    onCluster: false,
    gateway: false,
  })
  expect(await counts(other.userId)).toMatchObject({ standing: 'admin', listed: true, rendered: true, onCluster: true })
  await expect(
    addGrant(fixture.as(inGroup), { space, principal, role: 'viewer', reason: 'me too' }),
  ).rejects.toMatchObject({ code: 'self_escalation' })

  // Reducing it doesn't change who granted it; an owner who extends it becomes its granter.
  const grantId = (await grantOf(space, group))?.id ?? ''
  await changeGrant(fixture.as(other), { space, grantId, role: 'editor' })
  expect(await counts(giver.userId)).toMatchObject({ standing: null, gateway: false })
  await changeGrant(fixture.as(owner), { space, grantId, role: 'admin' })
  expect(await counts(giver.userId)).toEqual({
    standing: 'admin',
    listed: true,
    rendered: true,
    onCluster: true,
    gateway: true,
  })
})
