import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type BrokerFixture, issuerOfTests, openBrokerFixture } from '#dev/testing/fixtures/broker-fixture.ts'
import { policyScene, wish } from '#dev/testing/fixtures/policy-scene.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { addGrant } from '#lib/features/access/use-cases/add-grant.ts'
import { changeGrant } from '#lib/features/access/use-cases/change-grant.ts'
import { listGrants } from '#lib/features/access/use-cases/list-grants.ts'
import { acceptOffer } from '#lib/features/offers/use-cases/accept-offer.ts'
import { listOffers } from '#lib/features/offers/use-cases/list-offers.ts'
import { offerSpace } from '#lib/features/offers/use-cases/offer-space.ts'
import { decideRequest } from '#lib/features/requests/use-cases/decide-request.ts'
import { readRequest } from '#lib/features/requests/use-cases/read-request.ts'
import { requestLife } from '#lib/features/requests/use-cases/request-life.ts'
import { requestRole } from '#lib/features/requests/use-cases/request-role.ts'
import { requestSpace } from '#lib/features/requests/use-cases/request-space.ts'
import { createSpace } from '#lib/features/spaces/use-cases/create-space.ts'
import { updateSpace } from '#lib/features/spaces/use-cases/update-space.ts'
import type { Actor } from '#lib/kernel/model/people/person.ts'
import { latestEnd, type PolicyRules } from '#lib/kernel/model/policy/policy-rules.ts'

let fixture: BrokerFixture
let admin: Actor
let scene: ReturnType<typeof policyScene>
beforeAll(async () => {
  fixture = await openBrokerFixture({ offline: true })
  admin = await fixture.person('padmin', { platformRole: 'admin' })
  scene = policyScene(fixture, admin)
})
beforeEach(() => scene.reset())
afterAll(() => fixture.close())

const save = (changed: Partial<PolicyRules>) => scene.save(changed)
const arriving = (actor: Actor) => scene.arriving(actor)
const dayMs = 86_400_000

test('the limit of spaces allows the last space within it, and refuses the next', async () => {
  await save({ spaceLimit: 1 })
  const ctx = fixture.as(await fixture.person('member'))
  await createSpace(ctx, wish())
  await expect(createSpace(ctx, wish())).rejects.toMatchObject({
    code: 'space_limit',
    sentence: 'Your limit is 1 space. One more needs approval.',
  })
})

test('the largest size without approval', async () => {
  await save({ maxSize: 'S' })
  const ctx = fixture.as(await fixture.person('member'))
  const made = wish()
  await createSpace(ctx, made)
  await expect(createSpace(ctx, wish({ size: 'M' }))).rejects.toMatchObject({ code: 'size_limit' })
  await expect(updateSpace(ctx, { space: { name: made.name }, size: 'M' })).rejects.toMatchObject({
    code: 'size_limit',
  })
})

test('the maximum lifetime of a space requires an end, no later than the last day allowed', async () => {
  const person = await fixture.person('member')
  const before = wish()
  await createSpace(fixture.as(person), before)
  await save({ longestSpaceDays: 10 })
  const ctx = await arriving(person)
  const last = latestEnd(new Date(), 10) ?? new Date()
  const after = new Date(last.getTime() + 1)
  for (const endsAt of [null, after])
    await expect(createSpace(ctx, wish({ endsAt }))).rejects.toMatchObject({
      code: 'space_too_long',
      fields: { endsAt: expect.stringContaining(last.toISOString().slice(0, 10)) },
    })
  const made = wish({ endsAt: last })
  await createSpace(ctx, made)
  const space = { name: made.name }
  for (const endsAt of [null, after])
    await expect(updateSpace(ctx, { space, endsAt })).rejects.toMatchObject({ code: 'space_too_long' })
  await updateSpace(ctx, { space, endsAt: new Date(last.getTime() - dayMs) })
  // A space without an end keeps none until someone sets one.
  await updateSpace(ctx, { space: { name: before.name }, endsAt: null, description: 'still here' })
  await expect(updateSpace(ctx, { space: { name: before.name }, endsAt: after })).rejects.toMatchObject({
    code: 'space_too_long',
  })
  await expect(requestSpace(ctx, { ...wish({ size: 'L' }), reason: 'more' })).rejects.toMatchObject({
    code: 'space_too_long',
  })
})

test('an approval follows the rules at that moment', async () => {
  const asker = await fixture.person('asker')
  const { id } = await requestSpace(fixture.as(asker), { ...wish({ size: 'L' }), reason: 'a load test' })
  const { payloadHash } = await readRequest(fixture.as(admin), { id })
  await save({ longestSpaceDays: 10 })
  const approval = { id, payloadHash, decision: 'approve' as const }
  // The page was opened before: only the transaction knows the new rules.
  await expect(decideRequest(fixture.as(admin), approval)).rejects.toMatchObject({ code: 'space_too_long' })
  await save({ longestSpaceDays: null })
  await decideRequest(fixture.as(admin), approval)
})

test('a longer lifetime can be requested and approved only up to the maximum', async () => {
  const asker = await fixture.person('asker')
  const day = (days: number) => new Date(Date.now() + days * dayMs)
  const made = wish({ size: 'L', endsAt: day(2) })
  const { id } = await requestSpace(fixture.as(asker), { ...made, reason: 'a load test' })
  const hashOf = async (request: string) => (await readRequest(fixture.as(admin), { id: request })).payloadHash
  await decideRequest(fixture.as(admin), { id, payloadHash: await hashOf(id), decision: 'approve' })
  const space = { name: made.name }
  const early = await requestLife(fixture.as(asker), { space, endsAt: day(20), reason: 'it takes longer' })
  await save({ longestSpaceDays: 10 })
  const approval = { id: early.id, payloadHash: await hashOf(early.id), decision: 'approve' as const }
  await expect(decideRequest(fixture.as(admin), approval)).rejects.toMatchObject({ code: 'space_too_long' })
  const ctx = await arriving(asker)
  await expect(requestLife(ctx, { space, endsAt: day(12), reason: 'longer' })).rejects.toMatchObject({
    code: 'space_too_long',
  })
  const { id: late } = await requestLife(ctx, { space, endsAt: day(9), reason: 'longer' })
  await decideRequest(fixture.as(admin), { id: late, payloadHash: await hashOf(late), decision: 'approve' })
})

test('the maximum duration of a role applies to granting, changing, requesting and approving it', async () => {
  const [owner, friend, asker] = await Promise.all(['owner', 'friend', 'asker'].map((who) => fixture.person(who)))
  if (!owner || !friend || !asker) throw new Error('nobody')
  const made = wish()
  await createSpace(fixture.as(owner), made)
  const space = { name: made.name }
  const asked = { space, role: 'editor' as const, minutes: 9 * 1440, reason: 'to help' }
  const { id } = await requestRole(fixture.as(asker), asked)
  await save({ longestRoleDays: { viewer: null, editor: 7, admin: 7 } })
  const ctx = await arriving(owner)
  const last = latestEnd(new Date(), 7) ?? new Date()
  const after = new Date(last.getTime() + 1)
  const gift = { space, principal: `user:${friend.handle}`, role: 'editor' as const }
  for (const endsAt of [null, after])
    await expect(addGrant(ctx, { ...gift, endsAt })).rejects.toMatchObject({ code: 'role_too_long' })
  await addGrant(ctx, { ...gift, endsAt: last })
  const { grants } = await listGrants(ctx, space)
  const change = { space, grantId: grants[0]?.id ?? '' }
  for (const endsAt of [null, after])
    await expect(changeGrant(ctx, { ...change, endsAt })).rejects.toMatchObject({ code: 'role_too_long' })
  await changeGrant(ctx, { ...change, role: 'viewer', endsAt: null })
  await expect(changeGrant(ctx, { ...change, role: 'editor' })).rejects.toMatchObject({ code: 'role_too_long' })

  const mate = await arriving(await fixture.person('mate'))
  for (const minutes of [null, 8 * 1440])
    await expect(requestRole(mate, { ...asked, minutes })).rejects.toMatchObject({ code: 'role_too_long' })
  await requestRole(mate, { ...asked, minutes: 7 * 1440 })
  const { payloadHash } = await readRequest(ctx, { id })
  const approval = { id, payloadHash, decision: 'approve' as const }
  await expect(decideRequest(ctx, approval)).rejects.toMatchObject({ code: 'role_too_long' })
  await decideRequest(ctx, { ...approval, minutes: 7 * 1440 })
})

test('no one can directly grant a role that needs approval, neither an owner nor a platform admin', async () => {
  const [owner, friend] = await Promise.all(['owner', 'friend'].map((who) => fixture.person(who)))
  if (!owner || !friend) throw new Error('nobody')
  const made = wish()
  await createSpace(fixture.as(owner), made)
  const space = { name: made.name }
  await save({ approvalRoles: ['admin'] })
  const gift = { space, principal: `user:${friend.handle}`, role: 'admin' as const, endsAt: null, reason: 'a test' }
  for (const giver of [owner, admin]) {
    const refused = { code: 'role_needs_approval', sentence: expect.stringContaining('Ask the person to request it') }
    await expect(addGrant(await arriving(giver), gift)).rejects.toMatchObject(refused)
    await expect(addGrant(await arriving(giver), { ...gift, principal: 'group:crew' })).rejects.toMatchObject(refused)
  }
  await addGrant(fixture.as(owner), { ...gift, role: 'editor' })
  const { grants } = await listGrants(fixture.as(owner), space)
  const change = { space, grantId: grants[0]?.id ?? '' }
  await expect(changeGrant(await arriving(owner), { ...change, role: 'admin' })).rejects.toMatchObject({
    code: 'role_needs_approval',
  })
  const { id } = await requestRole(await arriving(friend), {
    space,
    role: 'admin',
    minutes: 2 * 1440,
    reason: 'to help',
  })
  const { payloadHash } = await readRequest(await arriving(owner), { id })
  await decideRequest(await arriving(owner), { id, payloadHash, decision: 'approve' })
})

test('requests expire after the policy’s days', async () => {
  await save({ requestExpiryDays: 2 })
  const ctx = await arriving(await fixture.person('asker'))
  const at = new Date('2030-01-01T12:00:00Z')
  const asker = { ...ctx, clock: () => at }
  const { id } = await requestSpace(fixture.as(ctx.actor, asker), { ...wish({ size: 'L' }), reason: 'a load test' })
  const { rows } = await fixture.owner.query('SELECT expires_at FROM request WHERE id = $1', [id])
  expect(rows).toEqual([{ expires_at: new Date('2030-01-03T12:00:00Z') }])
})

test('the policy decides whether requests need a reason', async () => {
  const ctx = fixture.as(await fixture.person('asker'))
  const asked = () => ({ ...wish({ size: 'L' }), reason: '' })
  await expect(requestSpace(ctx, asked())).rejects.toMatchObject({
    code: 'bad_input',
    fields: { reason: 'Give a reason, so someone can decide.' },
  })
  await save({ reasonRequired: false })
  await requestSpace(await arriving(ctx.actor), asked())
})

test('members of exempt groups have no limits; a group of the same name at another provider exempts no one', async () => {
  const group = uniqueName('platform')
  await save({
    spaceLimit: 0,
    maxSize: 'S',
    longestSpaceDays: 5,
    longestRoleDays: { viewer: 5, editor: 5, admin: 5 },
    approvalRoles: ['viewer', 'editor', 'admin'],
    exemptGroups: [{ issuer: issuerOfTests, group }],
  })
  const free = await arriving(await fixture.person('free', { groups: [group] }))
  const made = wish({ size: 'L' })
  await createSpace(free, made)
  const friend = await fixture.person('friend')
  await addGrant(free, { space: { name: made.name }, principal: friend.handle, role: 'admin' })

  const elsewhere = await fixture.person('elsewhere', { groups: [group], issuer: 'https://other.test' })
  await expect(createSpace(fixture.as(elsewhere), wish())).rejects.toMatchObject({
    code: expect.stringMatching(/^space_/),
  })
  // A person who has left the group since their page was opened is no longer exempt.
  await fixture.owner.query('DELETE FROM user_group WHERE user_id = $1', [free.actor.userId])
  await expect(createSpace(free, wish({ size: 'L' }))).rejects.toMatchObject({
    code: expect.stringMatching(/^space_/),
  })
})

test('a former owner keeps the admin role no longer than its maximum duration', async () => {
  const [owner, next] = await Promise.all(['owner', 'next'].map((who) => fixture.person(who)))
  if (!owner || !next) throw new Error('nobody')
  const made = wish()
  await createSpace(fixture.as(owner), made)
  await offerSpace(fixture.as(owner), { space: { name: made.name }, to: next.handle })
  await save({ longestRoleDays: { viewer: null, editor: null, admin: 3 } })
  const [offer] = await listOffers(fixture.as(next))
  await acceptOffer(fixture.as(next), { id: offer?.id ?? '' })
  const { grants } = await listGrants(fixture.as(next), { name: made.name })
  expect(grants[0]?.endsAt).toEqual(latestEnd(new Date(), 3))
})
