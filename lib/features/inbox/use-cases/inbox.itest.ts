import { afterAll, beforeAll, expect, test } from 'vitest'
import { type BrokerFixture, openBrokerFixture } from '#dev/testing/fixtures/broker-fixture.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { addGrant } from '#lib/features/access/use-cases/add-grant.ts'
import { changeGrant } from '#lib/features/access/use-cases/change-grant.ts'
import { listGrants } from '#lib/features/access/use-cases/list-grants.ts'
import { removeGrant } from '#lib/features/access/use-cases/remove-grant.ts'
import { acceptOffer } from '#lib/features/offers/use-cases/accept-offer.ts'
import { declineOffer } from '#lib/features/offers/use-cases/decline-offer.ts'
import { listOffers } from '#lib/features/offers/use-cases/list-offers.ts'
import { offerSpace } from '#lib/features/offers/use-cases/offer-space.ts'
import { decideRequest } from '#lib/features/requests/use-cases/decide-request.ts'
import { readRequest } from '#lib/features/requests/use-cases/read-request.ts'
import { requestRole } from '#lib/features/requests/use-cases/request-role.ts'
import { requestSize } from '#lib/features/requests/use-cases/request-size.ts'
import { requestSpace } from '#lib/features/requests/use-cases/request-space.ts'
import { withdrawRequest } from '#lib/features/requests/use-cases/withdraw-request.ts'
import { createSpace } from '#lib/features/spaces/use-cases/create-space.ts'
import { deleteSpace } from '#lib/features/spaces/use-cases/delete-space.ts'
import { dayMs } from '#lib/kernel/model/duration.ts'
import type { Actor } from '#lib/kernel/model/people/person.ts'
import { expireDue } from '#lib/kernel/reconcile/expire-due.ts'
import { listInbox } from './list-inbox.ts'
import { markAllRead } from './mark-all-read.ts'
import { markRead } from './mark-read.ts'

let fixture: BrokerFixture
let admin: Actor
beforeAll(async () => {
  fixture = await openBrokerFixture({ offline: true })
  admin = await fixture.person('padmin', { platformRole: 'admin' })
})
afterAll(() => fixture.close())

const eventsOf = (actor: Actor) => fixture.eventsFor(actor)
const kindsOf = async (actor: Actor) => (await eventsOf(actor)).map(({ event }) => event.kind)
/** Their first page of what happened. */
const shownTo = async (actor: Actor) => (await listInbox(fixture.as(actor), {})).rows
const later = { clock: () => new Date(Date.now() + 30 * dayMs) }
const reason = 'a test'

async function makeSpace(owner: Actor) {
  const space = { name: uniqueName('inbox') }
  await createSpace(fixture.as(owner), { ...space, description: '', size: 'S', endsAt: null })
  return space
}

test('only the owner is notified of a role request, not members, strangers or admins', async () => {
  const [owner, asker, member, stranger] = await Promise.all([
    fixture.person('owner'),
    fixture.person('asker'),
    fixture.person('member'),
    fixture.person('stranger'),
  ])
  const space = await makeSpace(owner)
  await addGrant(fixture.as(owner), { space, principal: member.handle, role: 'admin' })
  const before = await kindsOf(admin)
  const { id } = await requestRole(fixture.as(asker), { space, role: 'viewer', minutes: 2_880, reason: 'to look' })
  expect(await eventsOf(owner)).toMatchObject([
    {
      unread: false,
      event: {
        kind: 'request-waiting',
        request: id,
        by: { handle: asker.handle },
        asked: { kind: 'role', role: 'viewer', minutes: 2_880, startsAt: null, space },
        reason: 'to look',
      },
    },
  ])
  expect(await kindsOf(member)).toEqual(['access-given'])
  for (const other of [asker, stranger]) expect(await kindsOf(other)).toEqual([])
  expect(await kindsOf(admin)).toEqual(before)
  await withdrawRequest(fixture.as(asker), { id })
  expect(await kindsOf(owner)).toEqual(['request-withdrawn', 'request-waiting'])
})

test('a role request goes to the platform admins when the owner’s account is deactivated', async () => {
  const [owner, asker] = await Promise.all([fixture.person('owner'), fixture.person('asker')])
  const space = await makeSpace(owner)
  await fixture.owner.query('UPDATE user_account SET deactivated_at = now() WHERE id = $1', [owner.userId])
  const { id } = await requestRole(fixture.as(asker), { space, role: 'viewer', minutes: 1_440, reason })
  expect((await eventsOf(admin))[0]).toMatchObject({ event: { kind: 'request-waiting', request: id } })
  const { rows } = await fixture.owner.query('SELECT 1 FROM inbox_event WHERE user_id = $1', [owner.userId])
  expect(rows).toEqual([])
})

test('no one is notified of a request for a missing or deleting space', async () => {
  const [owner, asker] = await Promise.all([fixture.person('owner'), fixture.person('asker')])
  const space = await makeSpace(owner)
  const countEvents = async () => (await fixture.owner.query('SELECT count(*)::int AS n FROM inbox_event')).rows[0].n
  await deleteSpace(fixture.as(owner), { space, confirmation: space.name })
  const before = await countEvents()
  for (const name of [space.name, uniqueName('nowhere')]) {
    const { id } = await requestRole(fixture.as(asker), { space: { name }, role: 'viewer', minutes: 1_440, reason })
    await withdrawRequest(fixture.as(asker), { id })
  }
  expect(await countEvents()).toBe(before)
})

test('only this provider’s platform admins are notified of a space request, and the requester of the decision', async () => {
  const asker = await fixture.person('asker')
  const foreign = await fixture.person('foreign', { platformRole: 'admin', issuer: 'https://other.test' })
  const input = { name: uniqueName('requested'), description: '', size: 'L' as const, endsAt: null, reason }
  const { id } = await requestSpace(fixture.as(asker), input)
  expect((await eventsOf(admin))[0]).toMatchObject({ event: { kind: 'request-waiting', request: id } })
  const { rows } = await fixture.owner.query('SELECT 1 FROM inbox_event WHERE user_id = $1', [foreign.userId])
  expect(rows).toEqual([])
  const { payloadHash } = await readRequest(fixture.as(admin), { id })
  await decideRequest(fixture.as(admin), { id, payloadHash, decision: 'deny', reason: 'too big', minutes: null })
  expect(await eventsOf(asker)).toMatchObject([
    {
      unread: true,
      event: {
        kind: 'request-decided',
        decision: 'denied',
        by: { handle: admin.handle },
        reason: 'too big',
        request: id,
      },
    },
  ])
})

test('the requester is notified when a request expires, and when a deletion closes it, with the reason', async () => {
  const [asker, owner] = await Promise.all([fixture.person('asker'), fixture.person('owner')])
  await requestSpace(fixture.as(asker), {
    name: uniqueName('requested'),
    description: '',
    size: 'L',
    endsAt: null,
    reason,
  })
  await Promise.all([expireDue(fixture.system(later)), expireDue(fixture.system(later))])
  expect(await eventsOf(asker)).toMatchObject([{ unread: true, event: { kind: 'request-expired', reason: null } }])
  const space = await makeSpace(owner)
  await requestSize(fixture.as(owner), { space, size: 'L', reason })
  await deleteSpace(fixture.as(admin), { space, confirmation: space.name })
  expect((await eventsOf(owner)).filter(({ event }) => event.kind === 'request-expired')).toMatchObject([
    { event: { kind: 'request-expired', asked: { kind: 'size', space }, reason: 'The space was deleted.' } },
  ])
})

test('the owner and direct members are notified of any deletion, but not groups, former members or the person who deletes', async () => {
  const group = uniqueName('team')
  const [owner, member, former] = await Promise.all([
    fixture.person('owner'),
    fixture.person('member'),
    fixture.person('former'),
  ])
  const mate = await fixture.person('mate', { groups: [group] })
  const deletionsSeenBy = async (actor: Actor) =>
    (await eventsOf(actor)).map(({ event }) => event).filter(({ kind }) => kind === 'space-deleted')
  const spaces = [await makeSpace(owner), await makeSpace(owner)] as const
  for (const space of spaces) {
    for (const principal of [member.handle, former.handle, `group:${group}`])
      await addGrant(fixture.as(owner), { space, principal, role: 'viewer' })
    const { grants } = await listGrants(fixture.as(owner), space)
    const theirs = grants.find(({ principal }) => principal.kind === 'user' && principal.handle === former.handle)
    await removeGrant(fixture.as(owner), { space, grantId: theirs?.id ?? '' })
  }
  const [byAdmin, ended] = spaces
  await deleteSpace(fixture.as(admin), { space: byAdmin, confirmation: byAdmin.name })
  const gone = { kind: 'space-deleted', space: byAdmin, by: { handle: admin.handle }, why: null }
  expect(await deletionsSeenBy(owner)).toMatchObject([{ ...gone, isOwner: true }])
  expect(await deletionsSeenBy(member)).toMatchObject([{ ...gone, isOwner: false }])

  await fixture.owner.query(`UPDATE space SET ends_at = now() WHERE name = $1`, [ended.name])
  await expireDue(fixture.system())
  expect((await deletionsSeenBy(owner))[0]).toMatchObject({ space: ended, isOwner: true, by: null, why: 'ended' })
  expect((await deletionsSeenBy(member))[0]).toMatchObject({ space: ended, isOwner: false, by: null, why: 'ended' })
  for (const nobody of [mate, former, admin]) expect(await deletionsSeenBy(nobody)).toEqual([])
})

test('people are notified of changes to their roles, except for group roles and their own actions', async () => {
  const group = uniqueName('team')
  const [owner, friend] = await Promise.all([fixture.person('owner'), fixture.person('friend')])
  const mate = await fixture.person('mate', { groups: [group] })
  const space = await makeSpace(owner)
  await addGrant(fixture.as(owner), { space, principal: `group:${group}`, role: 'viewer' })
  await addGrant(fixture.as(owner), { space, principal: friend.handle, role: 'viewer' })
  const { grants } = await listGrants(fixture.as(owner), space)
  const grantId = grants.find(({ principal }) => principal.kind === 'user')?.id ?? ''
  await changeGrant(fixture.as(owner), { space, grantId, role: 'editor' })
  await removeGrant(fixture.as(owner), { space, grantId })
  expect((await eventsOf(friend)).map(({ event }) => event)).toMatchObject([
    { kind: 'access-removed', role: 'editor', left: null, by: { handle: owner.handle } },
    { kind: 'access-changed', before: { role: 'viewer' }, after: { role: 'editor' } },
    { kind: 'access-given', role: 'viewer', space: { name: space.name } },
  ])
  expect(await kindsOf(mate)).toEqual([])
  expect(await kindsOf(owner)).toEqual([])
  // A former member gets no further notifications.
  await addGrant(fixture.as(owner), { space, principal: mate.handle, role: 'viewer' })
  expect(await kindsOf(friend)).toHaveLength(3)
})

test('the recipient is notified of an offer, and the owner of its end', async () => {
  const [owner, taker] = await Promise.all([fixture.person('owner'), fixture.person('taker')])
  const space = await makeSpace(owner)
  const offer = async () => {
    await offerSpace(fixture.as(owner), { space, to: taker.handle })
    return { id: (await listOffers(fixture.as(taker)))[0]?.id ?? '' }
  }
  await declineOffer(fixture.as(taker), await offer())
  await offer()
  await expireDue(fixture.system(later))
  await acceptOffer(fixture.as(taker), await offer())
  expect(await kindsOf(taker)).toEqual(['offer-received', 'offer-received', 'offer-received'])
  expect(
    (await eventsOf(taker)).every(({ unread }) => !unread),
    'open offers are counted',
  ).toBe(true)
  expect((await kindsOf(owner)).sort()).toEqual(['offer-accepted', 'offer-declined', 'offer-expired'])
})

test('a refused change notifies no one', async () => {
  const [owner, stranger, friend] = await Promise.all([
    fixture.person('owner'),
    fixture.person('stranger'),
    fixture.person('friend'),
  ])
  const space = await makeSpace(owner)
  const gift = { space, principal: friend.handle, role: 'viewer' as const }
  await expect(addGrant(fixture.as(stranger), gift)).rejects.toMatchObject({ code: 'not_found' })
  await addGrant(fixture.as(owner), gift)
  await expect(addGrant(fixture.as(owner), gift)).rejects.toMatchObject({ code: 'grant_exists' })
  expect(await kindsOf(friend)).toEqual(['access-given'])
})

test('pages have 25 events without duplicates, and read marks are per person', async () => {
  const [reader, other] = await Promise.all([fixture.person('reader'), fixture.person('other')])
  await fixture.owner.query(
    `INSERT INTO inbox_event (id, user_id, kind, data, created_at)
     SELECT gen_random_uuid(), $1, 'sessions-ended', jsonb_build_object('by', null, 'credentials', n), now() - interval '1 hour' * (n / 10)
     FROM generate_series(1, 60) n`,
    [reader.userId],
  )
  await fixture.owner.query(
    `INSERT INTO inbox_event (id, user_id, kind, data, created_at) VALUES (gen_random_uuid(), $1, 'of-a-newer-release', '{}', now()), (gen_random_uuid(), $1, 'sessions-ended', '{"of": "a newer release"}', now() - interval '9 days')`,
    [reader.userId],
  )
  const seen: string[] = []
  for (let before: string | undefined; ; ) {
    const { rows, next } = await listInbox(fixture.as(reader), { before })
    seen.push(...rows.map(({ id }) => id))
    if (next === null) break
    expect(rows).toHaveLength(25)
    before = next
  }
  expect(new Set(seen).size).toBe(60)

  const id = seen[0] ?? ''
  await expect(markRead(fixture.as(other), { id })).rejects.toMatchObject({ code: 'not_found' })
  await markRead(fixture.as(reader), { id })
  expect((await shownTo(reader)).filter(({ unread }) => !unread).map((row) => row.id)).toEqual([id])
  await markAllRead(fixture.as(other), { until: new Date().toISOString() })
  expect((await shownTo(reader)).filter(({ unread }) => unread)).toHaveLength(24)
  await markAllRead(fixture.as(reader), { until: new Date(Date.now() - 3_600_000).toISOString() })
  expect((await shownTo(reader)).filter(({ unread }) => unread).length, 'later events stay unread').toBeGreaterThan(0)
  await markAllRead(fixture.as(reader), { until: new Date().toISOString() })
  expect((await shownTo(reader)).filter(({ unread }) => unread)).toEqual([])
})
