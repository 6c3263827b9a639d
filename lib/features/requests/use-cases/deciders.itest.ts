import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type BrokerFixture, issuerOfTests, openBrokerFixture } from '#dev/testing/fixtures/broker-fixture.ts'
import { inboxCount } from '#dev/testing/fixtures/inbox-count.ts'
import { policyScene } from '#dev/testing/fixtures/policy-scene.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { addGrant } from '#lib/features/access/use-cases/add-grant.ts'
import { leaveSpace } from '#lib/features/access/use-cases/leave-space.ts'
import { listInbox } from '#lib/features/inbox/use-cases/list-inbox.ts'
import { readPolicy } from '#lib/features/policy/use-cases/read-policy.ts'
import { createSpace } from '#lib/features/spaces/use-cases/create-space.ts'
import { readSpace } from '#lib/features/spaces/use-cases/read-space.ts'
import { isAppError } from '#lib/kernel/model/errors.ts'
import type { InboxEvent } from '#lib/kernel/model/inbox/event.ts'
import type { Actor } from '#lib/kernel/model/people/person.ts'
import type { ApprovalRules } from '#lib/kernel/model/policy/approval-rules.ts'
import { decideRequest } from './decide-request.ts'
import { countWaitingRequests, listRequests } from './list-requests.ts'
import { readRequest } from './read-request.ts'
import { requestHash } from './request-hash.ts'
import { requestRole } from './request-role.ts'
import { requestSpace } from './request-space.ts'

/** Each person's relation to a request, or none. */
const columns = [
  'requester',
  'stranger',
  'viewer',
  'owner',
  'auditor',
  'platformAdmin',
  'formerAdmin',
  'warden',
  'foreignWarden',
  'formerWarden',
  'deactivatedWarden',
  'otherGroup',
] as const
type Column = (typeof columns)[number]

let fixture: BrokerFixture
let scene: ReturnType<typeof policyScene>
let author: Actor
beforeAll(async () => {
  fixture = await openBrokerFixture()
  author = await fixture.person('author', { platformRole: 'admin' })
  scene = policyScene(fixture, author)
})
beforeEach(() => scene.reset())
afterAll(() => fixture.close())

async function makePeople(group: string): Promise<Record<Column, Actor>> {
  const former = 'https://former.test'
  const made: Record<Column, Parameters<BrokerFixture['person']>[1]> = {
    requester: {},
    stranger: {},
    viewer: {},
    owner: {},
    auditor: { platformRole: 'auditor' },
    platformAdmin: { platformRole: 'admin' },
    formerAdmin: { platformRole: 'admin', issuer: former },
    warden: { groups: ['everybody', group] },
    foreignWarden: { groups: [group], issuer: former },
    formerWarden: { groups: [group] },
    deactivatedWarden: { groups: [group] },
    otherGroup: { groups: [`${group}-too`] },
  }
  const people = Object.fromEntries(
    await Promise.all(
      columns.map(async (column) => [column, await fixture.person(column.toLowerCase(), made[column])]),
    ),
  )
  await fixture.owner.query('DELETE FROM user_group WHERE user_id = $1', [people.formerWarden.userId])
  await fixture.owner.query('UPDATE user_account SET deactivated_at = now() WHERE id = $1', [
    people.deactivatedWarden.userId,
  ])
  // Only sessions of the configured provider count as platform admin.
  return { ...people, formerAdmin: { ...people.formerAdmin, platformRole: 'member' } }
}

async function makeScene(rules: Partial<ApprovalRules>, group = uniqueName('wardens')) {
  const people = await makePeople(group)
  const name = uniqueName('decided')
  const owner = fixture.as(people.owner)
  await createSpace(owner, { name, description: '', size: 'S', endsAt: null })
  await addGrant(owner, { space: { name }, principal: people.viewer.handle, role: 'viewer', endsAt: null })
  await scene.save(rules)
  const ask = async (kind: 'role' | 'space') => {
    const ctx = await scene.arriving(people.requester)
    const reason = 'to help'
    if (kind === 'role') return requestRole(ctx, { space: { name }, role: 'editor', minutes: 60, reason })
    return requestSpace(ctx, { name: uniqueName('large'), description: '', size: 'L', endsAt: null, reason })
  }
  return { people, name, ask }
}

const of = (group: string, issuer = issuerOfTests) => ({ who: 'group' as const, issuer, group })

async function inHeader(person: Actor): Promise<number> {
  const unread = await fixture.owner.query('SELECT FROM inbox_event WHERE user_id = $1 AND read_at IS NULL', [
    person.userId,
  ])
  return (await inboxCount(fixture, person)) - (unread.rowCount ?? 0)
}

const isAbout =
  (id: string) =>
  ({ event }: { event: InboxEvent }): boolean =>
    event.kind === 'request-waiting' && event.request === id

/** @returns each endpoint's answer to whether the person may decide on the request */
async function everyAnswer(person: Actor, id: string, payloadHash: string): Promise<Record<string, boolean>> {
  const ctx = await scene.arriving(person)
  const seen = await readRequest(ctx, { id }).catch(() => null)
  const waiting = await listRequests(ctx, { box: 'waiting' })
  const inbox = await listInbox(ctx, {})
  const refused = await decideRequest(ctx, { id, payloadHash: 'f'.repeat(64), decision: 'approve' }).catch(
    (error) => error,
  )
  return {
    page: seen?.mayDecide === true,
    list: waiting.rows.some((row) => row.id === id),
    decision: isAppError(refused, 'request_changed'),
    count: (await countWaitingRequests(ctx)) === waiting.rows.length && waiting.rows.some((row) => row.id === id),
    notified: (await fixture.eventsFor(person)).some(isAbout(id)),
    twice: inbox.rows.some(isAbout(id)),
    hash: seen === null || seen.payloadHash === payloadHash,
  }
}

const group = uniqueName('deciders')
const rules: [string, 'role' | 'space', Partial<ApprovalRules>, Column[]][] = [
  ['owners', 'role', { roleRequests: { deciders: { who: 'owner' }, approvals: 2 } }, ['owner', 'platformAdmin']],
  ['admins', 'role', { roleRequests: { deciders: { who: 'admins' }, approvals: 2 } }, ['platformAdmin']],
  ['a group', 'role', { roleRequests: { deciders: of(group), approvals: 2 } }, ['warden']],
  ['admins', 'space', { spaceRequests: { deciders: { who: 'admins' }, approvals: 2 } }, ['platformAdmin']],
  ['a group', 'space', { spaceRequests: { deciders: of(group), approvals: 2 } }, ['warden']],
  ['an empty group', 'role', { roleRequests: { deciders: of('nobody-is-in-it'), approvals: 2 } }, ['platformAdmin']],
  [
    'a group of another provider',
    'space',
    { spaceRequests: { deciders: of(group, 'https://former.test'), approvals: 2 } },
    ['platformAdmin'],
  ],
]

test.each(rules)(
  'where %s decide on a %s, the page, lists, counts, notifications and the decision agree',
  async (...given) => {
    const [, kind, changed, deciders] = given
    const { people, ask } = await makeScene(changed, group)
    const { id } = await ask(kind)
    const { payloadHash } = await readRequest(await scene.arriving(people.requester), { id })
    for (const column of columns.filter((one) => one !== 'deactivatedWarden')) {
      const decides = deciders.includes(column)
      const answers = await everyAnswer(people[column], id, payloadHash)
      expect({ column, ...answers }).toEqual({
        column,
        page: decides,
        list: decides,
        decision: decides,
        count: decides,
        notified: decides,
        twice: false,
        hash: true,
      })
      const ctx = await scene.arriving(people[column])
      expect({ column, header: await inHeader(people[column]) }).toEqual({
        column,
        header: await countWaitingRequests(ctx),
      })
      const reads = decides || column === 'requester' || column === 'platformAdmin'
      const page = readRequest(ctx, { id })
      if (reads) expect(await page).toMatchObject({ id, context: decides ? expect.anything() : null })
      else await expect(page, column).rejects.toMatchObject({ code: 'not_found' })
    }
  },
)

test('an approver from a group learns nothing about the space beyond the request', async () => {
  const wardens = uniqueName('wardens')
  const { people, name, ask } = await makeScene({ roleRequests: { deciders: of(wardens), approvals: 1 } }, wardens)
  const { id } = await ask('role')
  const ctx = await scene.arriving(people.warden)
  const seen = await readRequest(ctx, { id })
  expect(seen).toMatchObject({ mayDecide: true, opensSpace: false, after: 'editor' })
  await expect(readSpace(ctx, { name })).rejects.toMatchObject({ code: 'not_found' })
  await decideRequest(ctx, { id, payloadHash: seen.payloadHash, decision: 'approve' })
  const approved = await readRequest(ctx, { id })
  expect(approved).toMatchObject({
    state: 'approved',
    opensSpace: false,
    made: { state: 'unknown', endedAt: null, spaceIsGone: false, onCluster: { state: 'done' } },
  })
  expect(await readSpace(fixture.as(people.requester), { name })).toMatchObject({ standing: 'editor' })
  // The owner is notified.
  const notified = (await listInbox(fixture.as(people.owner), {})).rows.map(({ event }) => event)
  expect(notified).toContainEqual(
    expect.objectContaining({ kind: 'admin-act', act: expect.objectContaining({ kind: 'request', role: 'editor' }) }),
  )
  // A group's approver may not see the role's later state in the space.
  await leaveSpace(fixture.as(people.requester), { space: { name } })
  expect(await readRequest(ctx, { id })).toEqual(approved)
})

test('only when the requester is the group’s sole member do platform admins decide', async () => {
  const wardens = uniqueName('wardens')
  const { people, name } = await makeScene({ roleRequests: { deciders: of(wardens), approvals: 1 } }, wardens)
  const ask = async (actor: Actor) =>
    requestRole(await scene.arriving(actor), { space: { name }, role: 'viewer', minutes: 60, reason: 'to look' })
  const [own, others] = [await ask(people.warden), await ask(people.stranger)]
  const admin = await scene.arriving(people.platformAdmin)
  expect(await readRequest(admin, own)).toMatchObject({ mayDecide: true })
  expect(await readRequest(admin, others)).toMatchObject({ mayDecide: false, context: null })
  expect((await readPolicy(admin, {})).unstaffed).toEqual([])
  await fixture.owner.query('UPDATE user_account SET deactivated_at = now() WHERE id = $1', [people.warden.userId])
  expect(await readRequest(admin, others)).toMatchObject({ mayDecide: true })
  expect((await readPolicy(admin, {})).unstaffed).toEqual([{ issuer: issuerOfTests, group: wardens }])
})

test('the page shows how many approvers are missing, except to a requester who could use it to probe for a space', async () => {
  const wardens = uniqueName('wardens')
  const { people, name } = await makeScene(
    {
      roleRequests: { deciders: of(wardens), approvals: 3 },
      spaceRequests: { deciders: of(wardens), approvals: 2 },
    },
    wardens,
  )
  const asker = await scene.arriving(people.requester)
  const ask = (space: string) =>
    requestRole(asker, { space: { name: space }, role: 'viewer', minutes: 60, reason: 'to look' })
  const [there, nowhere] = [await ask(name), await ask(uniqueName('nowhere'))]
  const approvals = { needed: 3, given: [], unstaffed: 0 }
  for (const id of [there, nowhere]) expect(await readRequest(asker, id)).toMatchObject({ approvals })
  expect(await readRequest(await scene.arriving(people.warden), there)).toMatchObject({ approvals: { unstaffed: 2 } })

  const asked = { name: uniqueName('large'), description: '', size: 'L' as const, endsAt: null, reason: 'more' }
  const large = await requestSpace(asker, asked)
  expect(await readRequest(asker, large)).toMatchObject({ approvals: { needed: 2, unstaffed: 1 } })
})

test('an approver who leaves the group between opening the page and clicking cannot approve', async () => {
  const wardens = uniqueName('wardens')
  const { people, name, ask } = await makeScene({ roleRequests: { deciders: of(wardens), approvals: 1 } }, wardens)
  const { id } = await ask('role')
  const ctx = await scene.arriving(people.warden)
  const { payloadHash } = await readRequest(ctx, { id })
  await fixture.person('warden', { groups: [wardens] })
  await fixture.owner.query('DELETE FROM user_group WHERE user_id = $1', [people.warden.userId])
  await expect(decideRequest(ctx, { id, payloadHash, decision: 'approve' })).rejects.toMatchObject({
    code: 'not_found',
  })
  await expect(readSpace(fixture.as(people.requester), { name })).rejects.toMatchObject({ code: 'not_found' })
})

test('the current policy applies, not the one the page was rendered with', async () => {
  const wardens = uniqueName('wardens')
  const { people, ask } = await makeScene({ spaceRequests: { deciders: { who: 'admins' }, approvals: 2 } }, wardens)
  const { id } = await ask('role')
  const seenBefore = await scene.arriving(people.owner)
  const { payloadHash, payload, reason } = await readRequest(seenBefore, { id })
  expect(payloadHash).toBe(requestHash(people.requester.userId, payload, reason))
  await scene.save({ roleRequests: { deciders: of(wardens), approvals: 1 } })
  await expect(decideRequest(seenBefore, { id, payloadHash, decision: 'approve' })).rejects.toMatchObject({
    code: 'not_found',
  })
  const warden = await scene.arriving(people.warden)
  expect(await decideRequest(warden, { id, payloadHash, decision: 'approve' })).toEqual({ state: 'approved' })
})

test('an approver with suspended groups is notified and counts as a member, but decides only after the provider confirms the groups', async () => {
  const group = uniqueName('wardens')
  const { people, ask } = await makeScene({ roleRequests: { deciders: of(group), approvals: 1 } }, group)
  const confirmed = (hours: number) =>
    fixture.owner.query(`UPDATE user_account SET groups_verified_at = now() - $2 * interval '1 hour' WHERE id = $1`, [
      people.warden.userId,
      hours,
    ])
  await confirmed(25)
  const { id } = await ask('role')
  const { payloadHash } = (
    await fixture.owner.query('SELECT payload_hash AS "payloadHash" FROM request WHERE id = $1', [id])
  ).rows[0]
  const notified = async (person: Actor) => (await fixture.eventsFor(person)).some(isAbout(id))
  expect([await notified(people.warden), await notified(people.platformAdmin)]).toEqual([true, false])
  const decide = async () =>
    decideRequest(await scene.arriving(people.warden), { id, payloadHash, decision: 'approve', minutes: 60 })
  expect([await countWaitingRequests(await scene.arriving(people.warden)), await inHeader(people.warden)]).toEqual([
    0, 0,
  ])
  await expect(decide()).rejects.toMatchObject({ code: 'not_found' })
  await confirmed(0)
  expect(await countWaitingRequests(await scene.arriving(people.warden))).toBeGreaterThan(0)
  await decide()
  const { state } = (await fixture.owner.query('SELECT state::text FROM request WHERE id = $1', [id])).rows[0]
  expect(state).toBe('approved')
})
