import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type BrokerFixture, openBrokerFixture } from '#dev/testing/fixtures/broker-fixture.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { readSession } from '#lib/auth/session/read-session.ts'
import { hashSessionToken } from '#lib/auth/session/session-rules.ts'
import { addGrant } from '#lib/features/access/use-cases/add-grant.ts'
import { changeGrant } from '#lib/features/access/use-cases/change-grant.ts'
import { listGrants } from '#lib/features/access/use-cases/list-grants.ts'
import { markAllRead } from '#lib/features/inbox/use-cases/mark-all-read.ts'
import { createSpace } from '#lib/features/spaces/use-cases/create-space.ts'
import { deleteSpace } from '#lib/features/spaces/use-cases/delete-space.ts'
import { readSpace } from '#lib/features/spaces/use-cases/read-space.ts'
import { updateSpace } from '#lib/features/spaces/use-cases/update-space.ts'
import type { Actor } from '#lib/kernel/model/people/person.ts'
import { expireDue } from '#lib/kernel/reconcile/expire-due.ts'
import { decideRequest } from './decide-request.ts'
import { countWaitingRequests, listRequests } from './list-requests.ts'
import { readRequest } from './read-request.ts'
import { requestLife } from './request-life.ts'
import { requestRole } from './request-role.ts'
import { requestSize } from './request-size.ts'
import { requestSpace } from './request-space.ts'
import { withdrawRequest } from './withdraw-request.ts'

let fixture: BrokerFixture
let owner: Actor
let asker: Actor
let admin: Actor
let secondAdmin: Actor
let name: string
beforeAll(async () => {
  fixture = await openBrokerFixture()
  ;[owner, asker, admin, secondAdmin] = await Promise.all([
    fixture.person('owner'),
    fixture.person('asker'),
    fixture.person('padmin', { platformRole: 'admin' }),
    fixture.person('padmin', { platformRole: 'admin' }),
  ])
  name = uniqueName('asked')
  await createSpace(fixture.as(owner), { name, description: '', size: 'S', endsAt: null })
})
afterAll(() => fixture.close())

const hashOf = async (actor: Actor, id: string) => (await readRequest(fixture.as(actor), { id })).payloadHash
const input = () => ({
  name: uniqueName('large'),
  description: '',
  size: 'L' as const,
  endsAt: null,
  reason: 'a load test',
})
const approve = (id: string, payloadHash: string) => ({
  id,
  payloadHash,
  decision: 'approve' as const,
  reason: '',
  minutes: null,
})

test('an approved space belongs to its requester and has the requested size', async () => {
  const asked = input()
  const { id } = await requestSpace(fixture.as(asker), asked)
  await decideRequest(fixture.as(admin), approve(id, await hashOf(admin, id)))
  const space = await readSpace(fixture.as(asker), { name: asked.name })
  expect(space).toMatchObject({ status: 'ready', size: 'L', standing: 'owner' })
  const { rows } = await fixture.owner.query('SELECT request_id FROM space WHERE id = $1', [space.id])
  expect(rows).toEqual([{ request_id: id }])
})

test('a role’s duration starts at approval, not at the request', async () => {
  const { id } = await requestRole(fixture.as(asker), {
    space: { name },
    role: 'editor',
    minutes: 2_880,
    reason: 'to help',
  })
  const later = new Date(Date.now() + 24 * 3_600_000)
  const detail = await readRequest(fixture.as(owner), { id })
  expect(detail).toMatchObject({ before: null, after: 'editor', mayDecide: true })
  expect(detail.gained.filter(({ sensitive }) => sensitive).map(({ resource }) => resource)).toEqual(
    expect.arrayContaining(['pods/exec', 'secrets']),
  )
  await decideRequest(fixture.as(owner, { clock: () => later }), { ...approve(id, detail.payloadHash), minutes: 1_440 })
  const decided = await readRequest(fixture.as(asker), { id })
  expect(decided).toMatchObject({ state: 'approved', endsAt: new Date(later.getTime() + 24 * 3_600_000) })
})

test('a person cannot decide on their own request, not even as a platform admin', async () => {
  const { id } = await requestSpace(fixture.as(admin), input())
  await expect(decideRequest(fixture.as(admin), approve(id, await hashOf(admin, id)))).rejects.toMatchObject({
    code: 'own_request',
  })
})

test('a person cannot raise their own role without a request', async () => {
  await expect(
    addGrant(fixture.as(admin), { space: { name }, principal: `user:${admin.handle}`, role: 'viewer', endsAt: null }),
  ).rejects.toMatchObject({ code: 'self_escalation' })
  const inGroup = await fixture.person('padmin', { groups: ['everyone'], platformRole: 'admin' })
  await expect(
    addGrant(fixture.as(inGroup), { space: { name }, principal: 'group:everyone', role: 'viewer', endsAt: null }),
  ).rejects.toMatchObject({ code: 'self_escalation' })
})

test('an admin cannot extend their own temporary role by a change, another grant or a group, but may request more time', async () => {
  const group = uniqueName('crew')
  const guest = await fixture.person('guest', { groups: [group] })
  const ends = new Date(Date.now() + 3_600_000)
  await addGrant(fixture.as(owner), { space: { name }, principal: `user:${guest.handle}`, role: 'admin', endsAt: ends })
  const { grants } = await listGrants(fixture.as(guest), { name })
  const own = grants.find(({ isSelf }) => isSelf)?.id ?? ''
  const refused = { code: 'self_escalation' }
  await expect(
    changeGrant(fixture.as(guest), { space: { name }, grantId: own, role: 'admin', endsAt: null }),
  ).rejects.toMatchObject(refused)
  await expect(
    addGrant(fixture.as(guest), { space: { name }, principal: `user:${guest.handle}`, role: 'viewer', endsAt: null }),
  ).rejects.toMatchObject(refused)
  await expect(
    addGrant(fixture.as(guest), { space: { name }, principal: `group:${group}`, role: 'viewer', endsAt: null }),
  ).rejects.toMatchObject(refused)
  await requestRole(fixture.as(guest), { space: { name }, role: 'admin', minutes: 43_200, reason: 'not done yet' })
  await changeGrant(fixture.as(guest), { space: { name }, grantId: own, role: 'editor', endsAt: ends })
})

test('a denial needs a reason: without one the field shows an error and the trail gets no entry', async () => {
  const { id } = await requestSpace(fixture.as(asker), input())
  const hash = await hashOf(admin, id)
  for (const reason of ['', '  ab  '])
    await expect(
      decideRequest(fixture.as(admin), { ...approve(id, hash), decision: 'deny', reason }),
    ).rejects.toMatchObject({ code: 'bad_input', fields: { reason: 'Give a reason for denying the request.' } })
  const decisions = async () =>
    (
      await fixture.owner.query(`SELECT action FROM audit_event WHERE target_id = $1 AND action LIKE 'request.%y'`, [
        id,
      ])
    ).rows
  expect(await decisions()).toEqual([])
  await decideRequest(fixture.as(admin), { ...approve(id, hash), decision: 'deny', reason: 'too large' })
  expect(await decisions()).toContainEqual({ action: 'request.deny' })
})

test('only one of two simultaneous decisions counts', async () => {
  const { id } = await requestSpace(fixture.as(asker), input())
  const hash = await hashOf(admin, id)
  const results = await Promise.allSettled([
    decideRequest(fixture.as(admin), approve(id, hash)),
    decideRequest(fixture.as(secondAdmin), { ...approve(id, hash), decision: 'deny', reason: 'no need' }),
  ])
  expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  expect(results.find((result) => result.status === 'rejected')?.reason).toMatchObject({ code: 'request_closed' })
})

test('a space approved until a date can end earlier; only a platform admin can extend it', async () => {
  const now = Math.floor(Date.now() / 1000) * 1000
  const day = (days: number) => new Date(now + days * 86_400_000)
  const asked = { ...input(), endsAt: day(3) }
  const { id } = await requestSpace(fixture.as(asker), asked)
  await decideRequest(fixture.as(admin), approve(id, await hashOf(admin, id)))
  const space = { name: asked.name }
  for (const endsAt of [null, day(4)])
    await expect(updateSpace(fixture.as(asker), { space, endsAt })).rejects.toMatchObject({ code: 'forbidden' })
  await updateSpace(fixture.as(asker), { space, endsAt: day(2) })
  await updateSpace(fixture.as(asker), { space, endsAt: day(3) })
  await updateSpace(fixture.as(admin), { space, endsAt: day(4) })
  expect(await readSpace(fixture.as(asker), space)).toMatchObject({ endsAt: day(4) })
})

test('a later end than the approved one needs a request, and becomes the new limit on approval', async () => {
  const now = Math.floor(Date.now() / 1000) * 1000
  const day = (days: number) => new Date(now + days * 86_400_000)
  const asked = { ...input(), endsAt: day(3) }
  const first = await requestSpace(fixture.as(asker), asked)
  await decideRequest(fixture.as(admin), approve(first.id, await hashOf(admin, first.id)))
  const space = { name: asked.name }
  const ask = (endsAt: Date | null) => requestLife(fixture.as(asker), { space, endsAt, reason: 'not done' })
  await expect(ask(day(2))).rejects.toMatchObject({ code: 'bad_input' })
  await expect(ask(day(-1))).rejects.toMatchObject({ code: 'end_in_past' })
  const { id } = await ask(day(9))
  const stale = await ask(day(20))
  const seen = await readRequest(fixture.as(admin), { id })
  expect(seen.payload).toMatchObject({ kind: 'life', from: day(3).toISOString(), endsAt: day(9).toISOString() })
  await decideRequest(fixture.as(admin), approve(id, seen.payloadHash))
  expect(await readSpace(fixture.as(asker), space)).toMatchObject({ endsAt: day(9), approvedUntil: day(9) })
  await expect(
    decideRequest(fixture.as(admin), approve(stale.id, await hashOf(admin, stale.id))),
    'the end has changed since',
  ).rejects.toMatchObject({ code: 'request_closed' })
  await updateSpace(fixture.as(asker), { space, endsAt: day(8) })
  await expect(updateSpace(fixture.as(asker), { space, endsAt: day(10) })).rejects.toMatchObject({ code: 'forbidden' })
  const late = await ask(day(10))
  const after = { clock: () => day(11) }
  const lateHash = await hashOf(admin, late.id)
  await fixture.owner.query(`UPDATE request SET expires_at = $1 WHERE id = $2`, [day(30), late.id])
  await expect(decideRequest(fixture.as(admin, after), approve(late.id, lateHash))).rejects.toMatchObject({
    code: 'request_closed',
  })
})

test('identical concurrent requests open one request', async () => {
  const hasty = await fixture.person('hasty')
  const asked = { space: { name }, role: 'viewer' as const, minutes: null, reason: 'to look' }
  const results = await Promise.allSettled(Array.from({ length: 8 }, () => requestRole(fixture.as(hasty), asked)))
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  for (const result of results)
    if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'request_duplicate' })
})

test('a deactivated person’s request can’t be approved, only denied', async () => {
  const departingUser = await fixture.person('departing')
  const { id } = await requestRole(fixture.as(departingUser), {
    space: { name },
    role: 'admin',
    minutes: null,
    reason: 'to stay',
  })
  const hash = await hashOf(owner, id)
  await fixture.owner.query('UPDATE user_account SET deactivated_at = now() WHERE id = $1', [departingUser.userId])
  await expect(decideRequest(fixture.as(owner), approve(id, hash))).rejects.toMatchObject({ code: 'request_closed' })
  await decideRequest(fixture.as(owner), { ...approve(id, hash), decision: 'deny', reason: 'has left' })
  expect(await readRequest(fixture.as(owner), { id })).toMatchObject({ state: 'denied' })
})

test('an approval counts only for the exact request', async () => {
  const { id } = await requestSpace(fixture.as(asker), input())
  const hash = await hashOf(admin, id)
  await expect(
    decideRequest(
      fixture.as(admin),
      approve(
        id,
        hash.replace(/^./, (c) => (c === '0' ? '1' : '0')),
      ),
    ),
  ).rejects.toMatchObject({ code: 'request_changed' })
  await fixture.owner.query(
    `UPDATE request SET payload = jsonb_set(payload, '{name}', '"kept-secret"') WHERE id = $1`,
    [id],
  )
  await expect(decideRequest(fixture.as(admin), approve(id, hash))).rejects.toMatchObject({ code: 'request_changed' })
})

test('an open request expires on time even while no worker runs', async () => {
  const { id } = await requestSpace(fixture.as(asker), input())
  const hash = await hashOf(admin, id)
  const later = { clock: () => new Date(Date.now() + 8 * 24 * 3_600_000) }
  expect(await readRequest(fixture.as(asker, later), { id })).toMatchObject({ state: 'expired', mayWithdraw: false })
  await expect(decideRequest(fixture.as(admin, later), approve(id, hash))).rejects.toMatchObject({
    code: 'request_closed',
  })
  await fixture.owner.query(`UPDATE request SET expires_at = now() WHERE id = $1`, [id])
  await expireDue(fixture.system())
  expect(await readRequest(fixture.as(asker), { id })).toMatchObject({ state: 'expired' })
})

test('a requester can withdraw a request once', async () => {
  const { id } = await requestSpace(fixture.as(asker), input())
  await withdrawRequest(fixture.as(asker), { id })
  await expect(withdrawRequest(fixture.as(asker), { id })).rejects.toMatchObject({ code: 'request_closed' })
  await expect(withdrawRequest(fixture.as(owner), { id })).rejects.toMatchObject({ code: 'not_found' })
})

test('repeated requests and withdrawals are rate limited', async () => {
  const restless = await fixture.person('restless')
  const ask = () => requestSpace(fixture.as(restless), input())
  for (let times = 0; times < 40; times++) await withdrawRequest(fixture.as(restless), await ask())
  await expect(ask()).rejects.toMatchObject({ code: 'rate_limited' })
  const later = { clock: () => new Date(Date.now() + 3_600_000) }
  await requestSpace(fixture.as(restless, later), input())
})

test('a stranger’s request for a role looks the same whether or not the space exists', async () => {
  const stranger = await fixture.person('stranger')
  const unknown = uniqueName('unknown')
  for (const space of [name, unknown])
    await requestRole(fixture.as(stranger), {
      space: { name: space },
      role: 'viewer',
      minutes: 1_440,
      reason: 'to look',
    })
  const { rows } = await listRequests(fixture.as(stranger), { box: 'mine' })
  expect(rows.map(({ state, space }) => [state, space?.name]).sort()).toEqual(
    [
      ['open', name],
      ['open', unknown],
    ].sort(),
  )
  const duplicate = requestRole(fixture.as(stranger), {
    space: { name: unknown },
    role: 'viewer',
    minutes: 1_440,
    reason: 'to look',
  })
  await expect(duplicate).rejects.toMatchObject({ code: 'request_duplicate' })
  const waiting = await listRequests(fixture.as(admin), { box: 'waiting' })
  expect(waiting.rows.some(({ space }) => space?.name === unknown)).toBe(false)
})

test('an approved size is applied only if the space’s size hasn’t changed since', async () => {
  const { id } = await requestSize(fixture.as(owner), { space: { name }, size: 'L', reason: 'it grew' })
  const hash = await hashOf(admin, id)
  await expect(decideRequest(fixture.as(asker), approve(id, hash))).rejects.toMatchObject({ code: 'not_found' })
  await decideRequest(fixture.as(admin), approve(id, hash))
  expect(await readSpace(fixture.as(owner), { name })).toMatchObject({ size: 'L', changing: false })
})

test('the count in the header comes with the session and shows that person’s open decisions', async () => {
  const [asking, owning] = [await fixture.person('asking'), await fixture.person('owning')]
  const space = uniqueName('counted')
  await createSpace(fixture.as(owning), { name: space, description: '', size: 'S', endsAt: null })
  const input = { role: 'viewer' as const, minutes: 1_440, reason: 'to look' }
  const { id } = await requestRole(fixture.as(asking), { space: { name: space }, ...input })
  await requestSize(fixture.as(owning), { space: { name: space }, size: 'L', reason: 'it grew' })
  const platformAdmin = await fixture.person('platform-admin', { platformRole: 'admin' })
  const auditing = await fixture.person('auditing', { platformRole: 'auditor' })
  const inHeader = async (person: Actor) => {
    const token = randomBytes(32).toString('base64url')
    await fixture.owner.query(
      `INSERT INTO session (id, token_hash, user_id, expires_at) VALUES (gen_random_uuid(), $1, $2, now() + interval '1 hour')`,
      [hashSessionToken(token), person.userId],
    )
    const session = await readSession(fixture.services, token, { count: true })
    expect(session?.actor.platformRole).toBe(person.platformRole)
    expect((await readSession(fixture.services, token))?.inbox).toBeNull()
    return session?.inbox
  }
  for (const [person, least] of [
    [asking, 0],
    [auditing, 0],
    [owning, 1],
    [platformAdmin, 2],
  ] as const) {
    const waiting = await inHeader(person)
    expect(waiting, person.handle).toBe(await countWaitingRequests(fixture.as(person)))
    expect(waiting, person.handle).toBeGreaterThanOrEqual(least)
  }
  expect([await inHeader(asking), await inHeader(auditing), await inHeader(owning)]).toEqual([0, 0, 1])
  // An admin from a provider that is no longer configured has no platform role.
  const former = await fixture.person('former', { platformRole: 'admin', issuer: 'https://former.test' })
  expect(await inHeader({ ...former, platformRole: 'member' })).toBe(0)
  // It no longer waits, and the owner is notified.
  await withdrawRequest(fixture.as(asking), { id })
  expect(await inHeader(owning)).toBe(1)
  await markAllRead(fixture.as(owning), { until: new Date().toISOString() })
  expect(await inHeader(owning)).toBe(0)
})

test('a stranger’s request does not reveal that a space was deleted, and no longer waits for a decision', async () => {
  const [stranger, other] = [await fixture.person('stranger'), await fixture.person('owner')]
  const gone = uniqueName('gone')
  await createSpace(fixture.as(other), { name: gone, description: '', size: 'S', endsAt: null })
  const { id } = await requestRole(fixture.as(stranger), {
    space: { name: gone },
    role: 'viewer',
    minutes: 1_440,
    reason: 'to look',
  })
  expect(await countWaitingRequests(fixture.as(other))).toBe(1)
  const { payloadHash } = await readRequest(fixture.as(other), { id })
  await deleteSpace(fixture.as(other), { space: { name: gone }, confirmation: gone })
  expect(await readRequest(fixture.as(stranger), { id })).toMatchObject({ state: 'open', decisionReason: null })
  expect(await countWaitingRequests(fixture.as(other))).toBe(0)
  for (const decider of [other, admin])
    await expect(decideRequest(fixture.as(decider), approve(id, payloadHash))).rejects.toMatchObject({
      code: 'not_found',
    })
})
