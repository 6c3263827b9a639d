import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { untilBlockedBy } from '#dev/testing/database/until-blocked.ts'
import { type BrokerFixture, issuerOfTests, openBrokerFixture } from '#dev/testing/fixtures/broker-fixture.ts'
import { inboxCount } from '#dev/testing/fixtures/inbox-count.ts'
import { policyScene } from '#dev/testing/fixtures/policy-scene.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { eventSentence } from '#lib/features/inbox/model/event-sentences.ts'
import { listInbox } from '#lib/features/inbox/use-cases/list-inbox.ts'
import { readNews } from '#lib/features/inbox/use-cases/read-news.ts'
import { setSpaceOwner } from '#lib/features/offers/db/offer-rows.ts'
import { createSpace } from '#lib/features/spaces/use-cases/create-space.ts'
import { readSpace } from '#lib/features/spaces/use-cases/read-space.ts'
import type { Actor } from '#lib/kernel/model/people/person.ts'
import type { ApprovalRules } from '#lib/kernel/model/policy/approval-rules.ts'
import { decideRequest } from './decide-request.ts'
import { listRequests } from './list-requests.ts'
import { readRequest } from './read-request.ts'
import { requestHash } from './request-hash.ts'
import { requestRole } from './request-role.ts'
import { requestSpace } from './request-space.ts'

let fixture: BrokerFixture
let scene: ReturnType<typeof policyScene>
let owner: Actor
let asker: Actor
let admin: Actor
let second: Actor
let third: Actor
beforeAll(async () => {
  fixture = await openBrokerFixture()
  scene = policyScene(fixture, await fixture.person('author', { platformRole: 'admin' }))
})
beforeEach(async () => {
  await scene.reset()
  ;[owner, asker, admin, second, third] = await Promise.all([
    fixture.person('owner'),
    fixture.person('asker'),
    fixture.person('padmin', { platformRole: 'admin' }),
    fixture.person('padmin', { platformRole: 'admin' }),
    fixture.person('padmin', { platformRole: 'admin' }),
  ])
})
afterAll(() => fixture.close())

const owners = (approvals: number): ApprovalRules['roleRequests'] => ({ deciders: { who: 'owner' }, approvals })
const admins = (approvals: number) => ({ deciders: { who: 'admins' as const }, approvals })
const members = (group: string, approvals = 1) => ({
  deciders: { who: 'group' as const, issuer: issuerOfTests, group },
  approvals,
})

async function makeSpace(of = owner) {
  const name = uniqueName('agreed')
  await createSpace(fixture.as(of), { name, description: '', size: 'S', endsAt: null })
  return readSpace(fixture.as(of), { name })
}
const askFor = async (who: Actor, name: string, minutes: number | null = 600) =>
  (await requestRole(await scene.arriving(who), { space: { name }, role: 'editor', minutes, reason: 'to help' })).id
const read = async (who: Actor, id: string) => readRequest(await scene.arriving(who), { id })
const decide = async (who: Actor, id: string, more: { decision?: 'deny'; minutes?: number; reason?: string } = {}) => {
  const { payloadHash } = await read(who, id)
  return decideRequest(await scene.arriving(who), { id, payloadHash, decision: 'approve', ...more })
}
const grantsIn = async (spaceId: string) =>
  (
    await fixture.owner.query<{ minutes: number }>(
      'SELECT (extract(epoch FROM ends_at - starts_at) / 60)::int AS minutes FROM space_grant WHERE space_id = $1',
      [spaceId],
    )
  ).rows
const waitsFor = async (who: Actor) =>
  (await listRequests(await scene.arriving(who), { box: 'waiting' })).rows.map(({ id }) => id)
const sentencesOf = async (who: Actor) => (await fixture.eventsFor(who)).map(({ event }) => eventSentence(event))

test('the first of two approvals changes nothing; the second gives the role, for the shorter time', async () => {
  await scene.save({ roleRequests: owners(2) })
  const { name, id: spaceId } = await makeSpace()
  const id = await askFor(asker, name)
  expect(await decide(owner, id, { minutes: 60, reason: 'one hour is enough' })).toEqual({ state: 'open', missing: 1 })

  expect(await grantsIn(spaceId)).toEqual([])
  await expect(readSpace(fixture.as(asker), { name })).rejects.toMatchObject({ code: 'not_found' })
  expect(await read(asker, id)).toMatchObject({
    state: 'open',
    mayWithdraw: true,
    approvals: { needed: 2, given: [{ name: owner.name, minutes: 60, counts: true, isViewer: false }] },
  })
  expect([await waitsFor(owner), await waitsFor(admin)]).toEqual([[], [id]])
  const said = expect.stringMatching(new RegExp(`^${owner.name} .* approved the request of .*: approval 1 of 2.$`))
  expect(await sentencesOf(asker)).toEqual([said])
  expect(await sentencesOf(admin)).toContainEqual(said)
  expect(await sentencesOf(owner)).not.toContainEqual(said)

  expect(await decide(admin, id, { minutes: 300 })).toEqual({ state: 'approved' })
  expect(await grantsIn(spaceId)).toEqual([{ minutes: 60 }])
  expect(await readSpace(fixture.as(asker), { name })).toMatchObject({ standing: 'editor' })
  const decided = await read(asker, id)
  expect(decided).toMatchObject({ state: 'approved', decider: { handle: admin.handle } })
  expect(decided.approvals.given.map(({ handle }) => handle)).toEqual([owner.handle, admin.handle])
  for (const who of [owner, admin])
    expect((await listRequests(fixture.as(who), { box: 'decided' })).rows.map((row) => row.id)).toEqual([id])

  const { rows } = await fixture.owner.query(
    `SELECT o.detail->'approval' AS approval, o.detail->'approvals' AS of FROM audit_event e JOIN audit_event o ON o.intent_id = e.id
     WHERE e.action = 'request.approve' AND e.target_id = $1 ORDER BY e.seq`,
    [id],
  )
  expect(rows).toEqual([
    { approval: 1, of: 2 },
    { approval: 2, of: 2 },
  ])
})

test('a request and its first approval count once for the other approvers, who hear of both', async () => {
  await scene.save({ roleRequests: owners(2) })
  const { name } = await makeSpace()
  const before = await inboxCount(fixture, admin)
  const id = await askFor(asker, name)
  await decide(owner, id)
  const about = (await fixture.eventsFor(admin)).filter(({ event }) => 'request' in event && event.request === id)
  expect(about.map(({ event }) => event.kind)).toEqual(['request-approved-once', 'request-waiting'])
  const shown = async (who: Actor) =>
    (await listInbox(await scene.arriving(who), {})).rows
      .filter(({ event }) => 'request' in event && event.request === id)
      .map(({ event, unread }) => [event.kind, unread])
  expect(await shown(admin)).toEqual([])
  expect(await inboxCount(fixture, admin)).toBe(before + 1)
  const news = await readNews(fixture.as(admin), { since: new Date(0) })
  expect(news.map(({ sentence }) => sentence)).toEqual(
    expect.arrayContaining(about.map(({ event }) => eventSentence(event))),
  )

  expect(await shown(owner), 'it waits for others now').toEqual([['request-waiting', false]])
  expect(await shown(asker), 'for the requester it is only news').toEqual([['request-approved-once', true]])
  expect(await inboxCount(fixture, asker)).toBe(1)

  await decide(admin, id)
  expect(await shown(admin)).toEqual([
    ['request-approved-once', false],
    ['request-waiting', false],
  ])
  expect(await inboxCount(fixture, admin)).toBe(before)
})

test('a space that needs three approvals is created with the third', async () => {
  await scene.save({ spaceRequests: admins(3) })
  const name = uniqueName('large')
  const asked = { name, description: '', size: 'L' as const, endsAt: null, reason: 'a load test' }
  const { id } = await requestSpace(await scene.arriving(asker), asked)
  for (const who of [admin, second]) {
    expect(await decide(who, id)).toMatchObject({ state: 'open' })
    await expect(readSpace(fixture.as(asker), { name })).rejects.toMatchObject({ code: 'not_found' })
  }
  expect(await decide(third, id)).toEqual({ state: 'approved' })
  expect(await readSpace(fixture.as(asker), { name })).toMatchObject({ status: 'ready', standing: 'owner' })
})

test('a person can approve only once but may still deny afterwards, and one denial closes the request', async () => {
  await scene.save({ roleRequests: owners(2) })
  const { name, id: spaceId } = await makeSpace()
  const id = await askFor(asker, name)
  await decide(owner, id)
  await expect(decide(owner, id)).rejects.toMatchObject({ code: 'already_approved' })
  expect((await read(owner, id)).approvals.given).toMatchObject([{ isViewer: true }])
  expect(await decide(owner, id, { decision: 'deny', reason: 'not after all' })).toEqual({ state: 'denied' })
  await expect(decide(admin, id)).rejects.toMatchObject({ code: 'request_closed' })
  expect(await grantsIn(spaceId)).toEqual([])
})

test('a person cannot approve their own request, whether as an admin, through a group, or with a differently spelled issuer', async () => {
  const group = uniqueName('wardens')
  const inside = await fixture.person('inside', { groups: [group], platformRole: 'admin' })
  await fixture.person('warden', { groups: [group] })
  await scene.save({ roleRequests: members(group) })
  const { name, id: spaceId } = await makeSpace()
  const id = await askFor(inside, name)
  await expect(decide(inside, id)).rejects.toMatchObject({ code: 'own_request' })
  expect(await waitsFor(inside)).not.toContain(id)
  const twin = await fixture.person('twin', { groups: [group], platformRole: 'admin', issuer: `${issuerOfTests}/` })
  await fixture.owner.query('UPDATE user_account SET subject = $1 WHERE id = $2', [inside.userId, twin.userId])
  expect(await waitsFor(twin)).not.toContain(id)
  const { payloadHash } = await read(inside, id)
  await expect(
    decideRequest(await scene.arriving(twin), { id, payloadHash, decision: 'approve' }),
  ).rejects.toMatchObject({ code: 'not_found' })
  expect(await grantsIn(spaceId)).toEqual([])
})

test('an approver’s second account does not count as a second approval', async () => {
  await scene.save({ roleRequests: admins(2) })
  const { name, id: spaceId } = await makeSpace()
  const id = await askFor(asker, name)
  await decide(admin, id)
  const twin = await fixture.person('twin', { platformRole: 'admin', issuer: `${issuerOfTests}/` })
  await fixture.owner.query('UPDATE user_account SET subject = $1 WHERE id = $2', [admin.userId, twin.userId])
  await expect(decide(twin, id)).rejects.toMatchObject({ code: 'already_approved' })
  expect(await grantsIn(spaceId)).toEqual([])
})

test.each<[string, (space: string) => Promise<unknown>]>([
  [
    'is deactivated',
    () => fixture.owner.query('UPDATE user_account SET deactivated_at = now() WHERE id = $1', [owner.userId]),
  ],
  [
    'no longer owns the space',
    (space) => fixture.services.db.$transaction((tx) => setSpaceOwner(tx, space, second.userId)),
  ],
])('an approval stops counting once its approver %s', async (_what, lose) => {
  await scene.save({ roleRequests: owners(2) })
  const { name, id: spaceId } = await makeSpace()
  const id = await askFor(asker, name)
  await decide(owner, id)
  await lose(spaceId)
  expect((await read(admin, id)).approvals.given).toMatchObject([{ counts: false }])
  expect(await decide(admin, id)).toEqual({ state: 'open', missing: 1 })
  expect(await grantsIn(spaceId)).toEqual([])
  expect(await decide(third, id)).toEqual({ state: 'approved' })
})

test('an approval stops counting once its approver leaves the group or loses the platform role', async () => {
  const group = uniqueName('wardens')
  const [departingUser, stayer, last] = await Promise.all([
    fixture.person('departing', { groups: [group] }),
    fixture.person('stayer', { groups: [group] }),
    fixture.person('last', { groups: [group] }),
  ])
  await scene.save({ roleRequests: members(group, 2), spaceRequests: admins(2) })
  const { name } = await makeSpace()
  const id = await askFor(asker, name)
  await decide(departingUser, id)
  await fixture.owner.query('DELETE FROM user_group WHERE user_id = $1', [departingUser.userId])
  expect(await decide(stayer, id)).toEqual({ state: 'open', missing: 1 })
  expect(await decide(last, id)).toEqual({ state: 'approved' })

  const asked = { name: uniqueName('large'), description: '', size: 'L' as const, endsAt: null, reason: 'more' }
  const { id: large } = await requestSpace(await scene.arriving(asker), asked)
  await decide(admin, large)
  await fixture.owner.query(`UPDATE user_account SET platform_role = 'auditor' WHERE id = $1`, [admin.userId])
  expect(await decide(second, large)).toEqual({ state: 'open', missing: 1 })
})

test('a raised threshold applies to open requests; a lowered one takes effect at the next approval', async () => {
  const { name, id: spaceId } = await makeSpace()
  const id = await askFor(asker, name)
  const { payloadHash } = await read(owner, id)
  const seenBefore = await scene.arriving(owner)
  await scene.save({ roleRequests: owners(3) })
  // The page was opened under the older version.
  expect(await decideRequest(seenBefore, { id, payloadHash, decision: 'approve' })).toEqual({
    state: 'open',
    missing: 2,
  })
  expect(await decide(admin, id)).toEqual({ state: 'open', missing: 1 })
  expect(await waitsFor(admin)).not.toContain(id)
  await scene.save({ roleRequests: owners(2) })
  expect(await grantsIn(spaceId)).toEqual([])
  expect(await read(admin, id)).toMatchObject({ state: 'open', mayDecide: true })
  for (const decider of [owner, admin, second]) expect(await waitsFor(decider)).toContain(id)
  // Two people have approved: one of them clicks again.
  expect(await decide(admin, id)).toEqual({ state: 'approved' })
  expect(await grantsIn(spaceId)).toHaveLength(1)
})

test('an approval counts only for the exact payload it was given for', async () => {
  await scene.save({ roleRequests: owners(2) })
  const { name, id: spaceId } = await makeSpace()
  const id = await askFor(asker, name)
  await decide(owner, id)
  const { payload } = await read(admin, id)
  if (payload.kind !== 'role') throw new Error('not a role')
  const swapped = { ...payload, role: 'admin' as const }
  await fixture.owner.query('UPDATE request SET payload = $1, payload_hash = $2 WHERE id = $3', [
    swapped,
    requestHash(asker.userId, swapped, 'to help'),
    id,
  ])
  expect((await read(admin, id)).approvals.given).toEqual([])
  expect(await waitsFor(owner)).toEqual([id])
  expect(await decide(admin, id)).toEqual({ state: 'open', missing: 1 })
  expect(await grantsIn(spaceId)).toEqual([])
})

test('concurrent approvals each count, and the role is granted once', async () => {
  await scene.save({ roleRequests: owners(2) })
  for (let round = 0; round < 5; round++) {
    const { name, id: spaceId } = await makeSpace()
    const helper = await fixture.person('helper')
    const id = await askFor(helper, name)
    const results = await Promise.allSettled([decide(owner, id), decide(admin, id)])
    expect(results.map((one) => (one.status === 'fulfilled' ? one.value.state : one.reason)).sort()).toEqual([
      'approved',
      'open',
    ])
    expect(await grantsIn(spaceId)).toHaveLength(1)
  }
})

test('when an approval and a denial race, exactly one closes the request', async () => {
  await scene.save({ roleRequests: owners(2) })
  const { name, id: spaceId } = await makeSpace()
  const id = await askFor(asker, name)
  await decide(owner, id)
  const results = await Promise.allSettled([
    decide(admin, id),
    decide(second, id, { decision: 'deny', reason: 'no need' }),
  ])
  expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  const { state } = await read(asker, id)
  expect(await grantsIn(spaceId)).toHaveLength(state === 'approved' ? 1 : 0)
})

test('an approval doesn’t count while its approver is losing the right to approve', async () => {
  await scene.save({ roleRequests: owners(2) })
  const { name, id: spaceId } = await makeSpace()
  const id = await askFor(asker, name)
  await decide(owner, id)
  const other = await fixture.owner.connect()
  try {
    await other.query('BEGIN')
    await other.query('UPDATE user_account SET deactivated_at = now() WHERE id = $1', [owner.userId])
    const decision = decide(admin, id)
    // It waits for the row lock.
    await untilBlockedBy(other, fixture.owner)
    await other.query('COMMIT')
    expect(await decision).toEqual({ state: 'open', missing: 1 })
  } finally {
    other.release()
  }
  expect(await grantsIn(spaceId)).toEqual([])
})
