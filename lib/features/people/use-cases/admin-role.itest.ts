import { afterAll, beforeAll, expect, test } from 'vitest'
import { type BrokerFixture, openBrokerFixture } from '#dev/testing/fixtures/broker-fixture.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { addGrant } from '#lib/features/access/use-cases/add-grant.ts'
import { createCredentialForAll } from '#lib/features/credentials/use-cases/create-credential.ts'
import { listInbox } from '#lib/features/inbox/use-cases/list-inbox.ts'
import { acceptOffer } from '#lib/features/offers/use-cases/accept-offer.ts'
import { listOffers } from '#lib/features/offers/use-cases/list-offers.ts'
import { offerSpace } from '#lib/features/offers/use-cases/offer-space.ts'
import { decideRequest } from '#lib/features/requests/use-cases/decide-request.ts'
import { countWaitingRequests, listRequests } from '#lib/features/requests/use-cases/list-requests.ts'
import { readRequest } from '#lib/features/requests/use-cases/read-request.ts'
import { requestRole } from '#lib/features/requests/use-cases/request-role.ts'
import { requestSpace } from '#lib/features/requests/use-cases/request-space.ts'
import { listReviews } from '#lib/features/reviews/use-cases/list-reviews.ts'
import { createSpace } from '#lib/features/spaces/use-cases/create-space.ts'
import { breakGlassIssuer } from '#lib/kernel/model/people/break-glass-account.ts'
import type { Actor } from '#lib/kernel/model/people/person.ts'
import { platformRoleAt } from '#lib/kernel/model/people/platform-role.ts'
import type { Services } from '#lib/kernel/use-case/context.ts'
import { acknowledgeBreakGlassUse } from './acknowledge-break-glass-use.ts'
import { activateAdminRole } from './activate-admin-role.ts'
import { deactivatePerson } from './deactivate-person.ts'
import { endAdminRole } from './end-admin-role.ts'
import { endOwnAdminRole } from './end-own-admin-role.ts'
import { listPeople } from './list-people.ts'
import { reactivatePerson } from './reactivate-person.ts'
import { readPersonPage } from './read-person-page.ts'

let fixture: BrokerFixture
beforeAll(async () => {
  fixture = await openBrokerFixture({ offline: true })
})
afterAll(() => fixture.close())

const minuteMs = 60_000
/** Admins activate their role for an hour at most. */
const activated = (aheadMs = 0): Partial<Services> => ({
  policy: { ...fixture.services.policy, adminMinutes: 60 },
  clock: () => new Date(Date.now() + aheadMs),
})

/** @returns the person as in their next request */
async function arriving(actor: Actor, aheadMs = 0) {
  const { rows } = await fixture.owner.query(
    'SELECT issuer, platform_role AS "platformRole", admin_until AS "adminUntil" FROM user_account WHERE id = $1',
    [actor.userId],
  )
  const services = { ...fixture.services, ...activated(aheadMs) }
  return fixture.as({ ...actor, ...platformRoleAt(rows[0], services, services.clock()) }, activated(aheadMs))
}

const eligible = (name = 'eligible') => fixture.person(name, { platformRole: 'admin' })
const sealed = () =>
  fixture.person('break-glass', {
    issuer: breakGlassIssuer,
    adminUntil: new Date(Date.now() + 60 * minuteMs),
  })
const forbidden = { code: 'forbidden' }
const activation = { reason: 'a failing cluster', minutes: 30 }
const kindsOf = async (actor: Actor) => (await fixture.eventsFor(actor)).map(({ event }) => event.kind)

test('an eligible person is a member until they activate the role, and again when it expires', async () => {
  const person = await eligible()
  await expect(listPeople(await arriving(person), {})).rejects.toMatchObject(forbidden)
  const until = await activateAdminRole(await arriving(person), activation)
  expect(until.getTime() - Date.now()).toBeGreaterThan(29 * minuteMs)
  const ctx = await arriving(person)
  expect(ctx.actor).toMatchObject({ platformRole: 'admin', adminUntil: until })
  await listPeople(ctx, {})
  await expect(listPeople(await arriving(person, 31 * minuteMs), {})).rejects.toMatchObject(forbidden)
  // A request that began before the end: the transaction checks the clock again.
  const late = fixture.as(ctx.actor, activated(31 * minuteMs))
  const { userId: id } = await fixture.person('other')
  await expect(endAdminRole(late, { id, reason: 'too late' })).rejects.toMatchObject(forbidden)
})

test('all other eligible people, and only they, are notified with the reason; the trail records it', async () => {
  const [person, other, gone, former, auditor] = await Promise.all([
    eligible('acting'),
    eligible('other'),
    eligible('gone'),
    fixture.person('former', { platformRole: 'admin', issuer: 'https://old.test' }),
    fixture.person('auditor', { platformRole: 'auditor' }),
  ])
  await fixture.owner.query('UPDATE user_account SET deactivated_at = now() WHERE id = $1', [gone.userId])
  await activateAdminRole(await arriving(person), activation)
  const [told] = (await listInbox(fixture.as(other), {})).rows
  expect(told).toMatchObject({
    unread: true,
    event: { kind: 'admin-role-activated', by: { handle: person.handle }, reason: activation.reason },
  })
  for (const one of [person, gone, former, auditor]) expect(await kindsOf(one)).toEqual([])
  const { rows } = await fixture.owner.query(
    `SELECT detail || '{}' AS detail FROM audit_event WHERE action = 'admin-role.activate' AND actor_id = $1 AND intent_id IS NULL`,
    [person.userId],
  )
  expect(rows).toMatchObject([{ detail: { reason: activation.reason, minutes: 30, until: expect.any(String) } }])
})

test('a role can’t be activated without a reason, for longer than allowed, or without the group for it', async () => {
  const person = await eligible()
  const ctx = await arriving(person)
  await expect(activateAdminRole(ctx, { ...activation, reason: ' x ' })).rejects.toMatchObject({
    fields: { reason: expect.any(String) },
  })
  for (const minutes of [0, 61, 1.5, Number.NaN])
    await expect(activateAdminRole(ctx, { ...activation, minutes }), String(minutes)).rejects.toMatchObject({
      code: 'bad_input',
      fields: { minutes: expect.any(String) },
    })
  for (const platformRole of ['member', 'auditor'] as const) {
    const other = await arriving(await fixture.person('other', { platformRole }))
    await expect(activateAdminRole(other, activation)).rejects.toMatchObject(forbidden)
  }
  await expect(activateAdminRole(fixture.as(person), activation)).rejects.toMatchObject({ code: 'bad_input' })
  expect((await arriving(person)).actor).toMatchObject({ platformRole: 'member', adminUntil: null })
})

test('an activated role ends with the group, and when its holder or another admin ends it', async () => {
  const [one, two, three] = await Promise.all([eligible('one'), eligible('two'), eligible('three')])
  for (const person of [one, two, three]) await activateAdminRole(await arriving(person), activation)
  await fixture.owner.query(`UPDATE user_account SET platform_role = 'member' WHERE id = $1`, [one.userId])
  expect((await arriving(one)).actor).toMatchObject({ platformRole: 'member', isEligible: false })
  await endAdminRole(await arriving(three), { id: two.userId, reason: 'not needed any more' })
  expect((await arriving(two)).actor.platformRole).toBe('member')
  expect((await listInbox(fixture.as(two), {})).rows[0]).toMatchObject({
    event: { kind: 'admin-role-ended', by: { handle: three.handle }, reason: 'not needed any more' },
  })
  const { roleState, person } = await readPersonPage(await arriving(three), { handle: three.handle })
  expect(roleState).toMatchObject({ platformRole: 'admin', adminUntil: expect.any(Date) })
  expect(person.adminReason).toBe(activation.reason)
  await endOwnAdminRole(await arriving(three), {})
  expect((await arriving(three)).actor.platformRole).toBe('member')
  // A second time changes nothing, and isn't in the trail.
  await endOwnAdminRole(await arriving(three), {})
  const { rows } = await fixture.owner.query(
    `SELECT 1 FROM audit_event WHERE action = 'admin-role.end' AND actor_id = $1 AND intent_id IS NULL`,
    [three.userId],
  )
  expect(rows).toHaveLength(1 + 1)
})

test('a deactivated and reactivated person has to activate the role again', async () => {
  const [admin, person] = await Promise.all([eligible('acting'), eligible('shut out')])
  for (const one of [admin, person]) await activateAdminRole(await arriving(one), activation)
  const { userId: id } = person
  await deactivatePerson(await arriving(admin), { id, reason: 'a stolen laptop' })
  await reactivatePerson(await arriving(admin), { id, reason: 'has another' })
  expect((await arriving(person)).actor).toMatchObject({ platformRole: 'member', isEligible: true })
})

test('eligible people can read a waiting request, and decide it after activating the role', async () => {
  const [person, asker] = await Promise.all([eligible(), fixture.person('asker')])
  const wish = { name: uniqueName('large'), description: '', size: 'L', endsAt: null, reason: 'a load test' } as const
  const { id } = await requestSpace(fixture.as(asker), wish)
  const ctx = await arriving(person)
  expect(await kindsOf(person)).toContain('request-waiting')
  expect((await listRequests(ctx, { box: 'waiting' })).rows.map((row) => row.id)).toContain(id)
  expect(await countWaitingRequests(ctx)).toBeGreaterThan(0)
  const { payloadHash, mayDecide, mayActivate } = await readRequest(ctx, { id })
  expect({ mayDecide, mayActivate }).toEqual({ mayDecide: false, mayActivate: true })
  const denial = { id, payloadHash, decision: 'deny', reason: 'too big' } as const
  const sentence = expect.stringContaining('Activate it under Profile')
  await expect(decideRequest(ctx, denial)).rejects.toMatchObject({ code: 'not_found', sentence })
  await expect(listReviews(ctx, {})).rejects.toMatchObject({ code: 'forbidden', sentence })
  await activateAdminRole(ctx, activation)
  const now = await arriving(person)
  expect(await readRequest(now, { id })).toMatchObject({ mayDecide: true, mayActivate: false })
  await decideRequest(now, denial)
})

test('an eligible space owner decides on their own space without activating the role', async () => {
  const [owner, asker] = await Promise.all([eligible('owner'), fixture.person('asker')])
  const space = { name: uniqueName('own') }
  await createSpace(await arriving(owner), { ...space, description: '', size: 'S', endsAt: null })
  const { id } = await requestRole(fixture.as(asker), { space, role: 'viewer', minutes: 60, reason: 'to look' })
  expect(await readRequest(await arriving(owner), { id })).toMatchObject({ mayDecide: true, mayActivate: false })
})

test('the break-glass account acts as a platform admin, but owns nothing and can’t give itself anything', async () => {
  const [person, owner, asker, auditor] = await Promise.all([
    sealed(),
    fixture.person('owner'),
    fixture.person('asker'),
    fixture.person('auditor', { platformRole: 'auditor' }),
  ])
  const ctx = await arriving(person)
  expect(ctx.actor).toMatchObject({ platformRole: 'admin', isBreakGlass: true, isEligible: false })
  await listPeople(ctx, {})
  const space = { name: uniqueName('theirs') }
  await createSpace(fixture.as(owner), { ...space, description: '', size: 'S', endsAt: null })
  await addGrant(ctx, { space, principal: asker.handle, role: 'viewer', reason: 'the owner is away' })
  const wish = { name: uniqueName('large'), description: '', size: 'L', endsAt: null, reason: 'a load test' } as const
  const { id } = await requestSpace(fixture.as(asker), wish)
  const { payloadHash } = await readRequest(ctx, { id })
  for (const call of [
    () => createSpace(ctx, { name: uniqueName('mine'), description: '', size: 'S', endsAt: null }),
    () => createCredentialForAll(ctx, {}),
    () => offerSpace(ctx, { space, to: asker.handle, reason: 'a test' }),
    () => requestSpace(ctx, wish),
    () => activateAdminRole(ctx, activation),
  ])
    await expect(call()).rejects.toMatchObject(forbidden)
  await expect(decideRequest(ctx, { id, payloadHash, decision: 'approve' })).rejects.toMatchObject({
    code: 'not_found',
  })
  // No one else can give it anything either.
  for (const giver of [ctx, fixture.as(owner)])
    await expect(
      addGrant(giver, { space, principal: person.handle, role: 'viewer', reason: 'a test' }),
    ).rejects.toMatchObject({ code: 'principal_unknown' })
  await expect(offerSpace(fixture.as(owner), { space, to: person.handle })).rejects.toMatchObject({
    code: 'principal_unknown',
  })
  expect(await listOffers(ctx)).toEqual([])
  await expect(acceptOffer(ctx, { id })).rejects.toMatchObject(forbidden)
  // After its hour, it has no role.
  const later = await arriving(person, 61 * minuteMs)
  await expect(listPeople(later, {})).rejects.toMatchObject(forbidden)
  await expect(
    createSpace(later, { name: uniqueName('mine'), description: '', size: 'S', endsAt: null }),
  ).rejects.toMatchObject(forbidden)
  expect((await readPersonPage(fixture.as(auditor), { handle: person.handle })).roleState).toMatchObject({
    isBreakGlass: true,
  })
})

test('a use of the break-glass account is acknowledged once, with a reason, and not by that account', async () => {
  const [person, admin] = await Promise.all([sealed(), eligible()])
  const { rows } = await fixture.owner.query<{ id: string }>(
    `INSERT INTO break_glass_code (id, code_hash, created_at, used_at, used_by_id)
     VALUES (gen_random_uuid(), sha256(gen_random_uuid()::text::bytea), now(), now(), $1) RETURNING id`,
    [person.userId],
  )
  const id = rows[0]?.id ?? ''
  const reason = 'the provider was down'
  await expect(acknowledgeBreakGlassUse(await arriving(person), { id, reason })).rejects.toMatchObject(forbidden)
  await expect(acknowledgeBreakGlassUse(await arriving(admin), { id, reason })).rejects.toMatchObject(forbidden)
  await Promise.all([1, 2].map(() => acknowledgeBreakGlassUse(fixture.as(admin), { id, reason })))
  const { rows: trail } = await fixture.owner.query(
    `SELECT target_name, detail ->> 'reason' AS reason FROM audit_event WHERE action = 'break-glass-code.acknowledge' AND actor_id = $1
       AND intent_id IS NULL AND outcome IS NULL`,
    [admin.userId],
  )
  expect(trail).toEqual([{ target_name: person.handle, reason }])
})
