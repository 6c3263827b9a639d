import { randomBytes, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type BrokerFixture, openBrokerFixture } from '#dev/testing/fixtures/broker-fixture.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { addGrant } from '#lib/features/access/use-cases/add-grant.ts'
import { readAccessOfPerson } from '#lib/features/access/use-cases/read-access-report.ts'
import { createCredentialForAll } from '#lib/features/credentials/use-cases/create-credential.ts'
import { listInbox } from '#lib/features/inbox/use-cases/list-inbox.ts'
import { acceptOffer } from '#lib/features/offers/use-cases/accept-offer.ts'
import { listOffers } from '#lib/features/offers/use-cases/list-offers.ts'
import { offerSpace } from '#lib/features/offers/use-cases/offer-space.ts'
import { deactivatePerson } from '#lib/features/people/use-cases/deactivate-person.ts'
import { reactivatePerson } from '#lib/features/people/use-cases/reactivate-person.ts'
import { readPersonPage } from '#lib/features/people/use-cases/read-person-page.ts'
import { listRequests } from '#lib/features/requests/use-cases/list-requests.ts'
import { requestRole } from '#lib/features/requests/use-cases/request-role.ts'
import { createSpace } from '#lib/features/spaces/use-cases/create-space.ts'
import { listSpaces } from '#lib/features/spaces/use-cases/list-spaces.ts'
import { dayMs } from '#lib/kernel/model/duration.ts'
import type { Actor } from '#lib/kernel/model/people/person.ts'
import { offboardPerson } from './offboard-person.ts'
import { readDepartingUser } from './read-departing-user.ts'

let fixture: BrokerFixture
let admin: Actor
let newOwner: Actor
beforeAll(async () => {
  fixture = await openBrokerFixture({ offline: true })
  admin = await fixture.person('admin', { platformRole: 'admin' })
  newOwner = await fixture.person('new-owner')
})
afterAll(() => fixture.close())

const reason = 'left the company'
const plain = { description: '', size: 'S' as const, endsAt: null }

async function spaceOf(owner: Actor, readable = 'owned'): Promise<{ id: string; name: string }> {
  const name = uniqueName(readable)
  await createSpace(fixture.as(owner), { name, ...plain })
  const { id } = await fixture.services.db.space.findFirstOrThrow({ where: { name } })
  return { id, name }
}

const offboard = (departingUser: Actor, more: Partial<Parameters<typeof offboardPerson>[1]> = {}, by = admin) =>
  offboardPerson(fixture.as(by), {
    id: departingUser.userId,
    reason,
    confirmation: departingUser.handle,
    rest: { kind: 'hand-over', to: newOwner.handle },
    ...more,
  })

const inDays = (days: number) => new Date(Date.now() + days * dayMs)
const one = async <T extends object>(sql: string, ...values: unknown[]): Promise<T | undefined> =>
  (await fixture.owner.query<T>(sql, values)).rows[0]

/** Everything that could give a person access. */
const leftOf = ({ userId }: Actor) =>
  one(
    `SELECT (SELECT count(*)::int FROM session WHERE user_id = $1) AS sessions,
       (SELECT count(*)::int FROM credential WHERE user_id = $1 AND revoked_at IS NULL) AS credentials,
       (SELECT count(*)::int FROM space_grant WHERE user_id = $1 AND removed_at IS NULL) AS grants,
       (SELECT count(*)::int FROM user_group WHERE user_id = $1) AS groups,
       (SELECT count(*)::int FROM request WHERE requester_id = $1 AND state = 'open') AS requests,
       (SELECT count(*)::int FROM space_offer WHERE $1 IN (from_id, to_id, by_id) AND state = 'open') AS offers,
       (SELECT count(*)::int FROM space WHERE owner_id = $1 AND status <> 'deleted' AND ends_at IS NULL) AS spaces,
       deactivated_at IS NULL AS active, platform_role::text AS role FROM user_account WHERE id = $1`,
    userId,
  )
const nothing = {
  ...{ sessions: 0, credentials: 0, grants: 0, groups: 0, requests: 0, offers: 0, spaces: 0 },
  ...{ active: false, role: 'member' },
}

test('everything a person has is transferred or ends in one act, recorded in the trail, and everyone affected is notified', async () => {
  const departingUser = await fixture.person('departing', { groups: [uniqueName('team')], platformRole: 'admin' })
  const [owner, member] = await Promise.all([fixture.person('owner'), fixture.person('member')])
  const [kept, doomed, offered, theirs, promised] = [
    await spaceOf(departingUser, 'kept'),
    await spaceOf(departingUser, 'doomed'),
    await spaceOf(departingUser, 'offered'),
    await spaceOf(owner, 'theirs'),
    await spaceOf(owner, 'promised'),
  ]
  await addGrant(fixture.as(departingUser), { space: { name: kept.name }, principal: newOwner.handle, role: 'viewer' })
  await addGrant(fixture.as(departingUser), { space: { name: doomed.name }, principal: member.handle, role: 'viewer' })
  await addGrant(fixture.as(owner), { space: { name: theirs.name }, principal: departingUser.handle, role: 'admin' })
  await offerSpace(fixture.as(departingUser), { space: { name: offered.name }, to: member.handle })
  await offerSpace(fixture.as(owner), { space: { name: promised.name }, to: departingUser.handle })
  await requestRole(fixture.as(departingUser), {
    space: { name: uniqueName('any') },
    role: 'viewer',
    reason: 'to look',
  })
  await createCredentialForAll(fixture.as(departingUser), {})
  await fixture.owner.query(
    `INSERT INTO session (id, token_hash, user_id, expires_at) VALUES ($1, $2, $3, now() + interval '1 hour')`,
    [randomUUID(), randomBytes(32), departingUser.userId],
  )
  expect(await readDepartingUser(fixture.as(admin), { handle: departingUser.handle })).toMatchObject({
    person: { sessions: 1, credentials: 1 },
    spaces: [{ name: doomed.name, members: 1 }, { name: kept.name }, { name: offered.name }],
    ...{ ownRoles: 1, requests: 1, offersFrom: 1, offersTo: 1, isOffboarded: false, tooMany: false },
  })

  const endsAt = inDays(7)
  const done = await offboard(departingUser, { exceptions: { [doomed.id]: { kind: 'delete', endsAt } } })
  const ended = {
    ...{ sessions: 1, credentials: 1, grants: 1, requests: 1, offers: 2 },
    ...{ spacesHandedOver: 2, spacesEnding: 1 },
  }
  expect(done).toMatchObject({ ended })
  expect(await leftOf(departingUser)).toEqual(nothing)
  expect((await readPersonPage(fixture.as(admin), { handle: departingUser.handle })).requests.rows).toMatchObject([
    { state: 'closed', decider: { handle: admin.handle }, decisionReason: 'The requester was offboarded.' },
  ])
  expect(await listRequests(fixture.as(admin), { box: 'decided' })).toMatchObject({ rows: [] })
  const owners = await fixture.owner.query<{ name: string; owner: string; ends_at: Date | null }>(
    `SELECT s.name, u.handle AS owner, s.ends_at FROM space s JOIN user_account u ON u.id = s.owner_id WHERE s.id = ANY ($1) ORDER BY s.name`,
    [[kept.id, doomed.id, offered.id]],
  )
  expect(owners.rows).toEqual([
    { name: doomed.name, owner: departingUser.handle, ends_at: endsAt },
    { name: kept.name, owner: newOwner.handle, ends_at: null },
    { name: offered.name, owner: newOwner.handle, ends_at: null },
  ])
  const grants = `SELECT count(*)::int AS left FROM space_grant WHERE space_id = $1 AND user_id = $2 AND removed_at IS NULL`
  expect(await one(grants, kept.id, newOwner.userId)).toEqual({ left: 0 })

  const last = async (id: string) => (await fixture.trailOf(id)).at(-1)
  expect(await last(kept.id)).toEqual({ action: 'space.hand-over', outcome: 'ok', reason: null })
  expect(await last(doomed.id)).toEqual({ action: 'space.update', outcome: 'ok', reason: null })
  expect(await last(theirs.id)).toEqual({ action: 'grant.remove', outcome: 'ok', reason: null })
  expect(await last(promised.id)).toEqual({ action: 'space.offer-withdraw', outcome: 'ok', reason: null })
  const saying = 'SELECT detail FROM audit_event WHERE space_id = $1 AND action = $2 AND intent_id IS NULL'
  expect(await one(saying, kept.id, 'space.hand-over')).toEqual({
    detail: { from: departingUser.handle, to: newOwner.handle, asPlatformAdmin: true, reason },
  })
  expect(await one(saying, theirs.id, 'grant.remove')).toEqual({
    detail: {
      principal: `user:${departingUser.handle}`,
      role: 'admin',
      asPlatformAdmin: true,
      offboarded: departingUser.handle,
    },
  })
  expect(
    await one(
      `SELECT o.outcome::text, o.detail || e.detail AS detail FROM audit_event e JOIN audit_event o ON o.intent_id = e.id
       WHERE e.target_id = $1 AND e.action = 'person.offboard'`,
      departingUser.userId,
    ),
  ).toMatchObject({ outcome: 'ok', detail: { reason, offboarding: done?.id, ...ended } })

  const toldTo = async (actor: Actor) => (await listInbox(fixture.as(actor), {})).rows.map(({ event }) => event)
  expect(await toldTo(newOwner)).toContainEqual(
    expect.objectContaining({
      kind: 'spaces-handed-over',
      count: 2,
      from: { name: departingUser.name, handle: departingUser.handle },
    }),
  )
  expect(await toldTo(member)).toContainEqual(
    expect.objectContaining({ kind: 'spaces-ending', count: 1, endsAt: endsAt.toISOString(), reason }),
  )
  expect(await toldTo(owner)).toContainEqual(expect.objectContaining({ kind: 'offer-expired' }))
})

test('two admins at once offboard a person once, and no one can offboard themselves', async () => {
  const [departingUser, other] = await Promise.all([
    fixture.person('departing'),
    fixture.person('other', { platformRole: 'admin' }),
  ])
  await spaceOf(departingUser)
  const results = await Promise.all([
    offboard(departingUser),
    offboard(departingUser, {}, other),
    offboard(departingUser, {}, other),
  ])
  expect(results.filter((result) => result !== null)).toHaveLength(1)
  const acts = `SELECT count(*)::int AS acts FROM audit_event WHERE target_id = $1 AND action = 'person.offboard' AND intent_id IS NULL`
  expect(await one(acts, departingUser.userId)).toEqual({ acts: 1 })
  await expect(offboard(admin)).rejects.toMatchObject({ code: 'own_account' })
  const both = await Promise.allSettled([offboard(other), offboard(admin, {}, other)])
  expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  await fixture.owner.query(`UPDATE user_account SET deactivated_at = NULL, platform_role = 'admin' WHERE id = $1`, [
    admin.userId,
  ])
})

test.each([
  ['the handle isn’t confirmed', { confirmation: 'yes' }, 'confirmation_mismatch', 'confirmation'],
  ['the new owner doesn’t exist', { rest: { kind: 'hand-over', to: 'nobody-0' } }, 'principal_unknown', 'rest.to'],
  ['the end is in the past', { rest: { kind: 'delete', endsAt: new Date(1) } }, 'end_in_past', 'rest.endsAt'],
  ['the end is far away', { rest: { kind: 'delete', endsAt: inDays(92) } }, 'space_too_long', 'rest.endsAt'],
  ['nothing is decided', { rest: null }, 'bad_input', 'rest'],
  ['there is no reason', { reason: ' ' }, 'bad_input', 'reason'],
] as const)('nothing is done if %s', async (_what, more, code, field) => {
  const departingUser = await fixture.person('departing')
  await spaceOf(departingUser)
  await expect(offboard(departingUser, more)).rejects.toMatchObject({ code, fields: { [field]: expect.any(String) } })
  expect(await leftOf(departingUser)).toMatchObject({ active: true, spaces: 1 })
})

test('neither the departing user, nor the deciding admin, nor a deactivated person can get the spaces', async () => {
  const [departingUser, gone] = await Promise.all([fixture.person('departing'), fixture.person('gone')])
  const { id: space } = await spaceOf(departingUser)
  const to = (handle: string) => offboard(departingUser, { rest: { kind: 'hand-over', to: handle } })
  await expect(to(departingUser.handle)).rejects.toMatchObject({ code: 'grant_owner' })
  await expect(to(admin.handle)).rejects.toMatchObject({ code: 'self_escalation' })
  await deactivatePerson(fixture.as(admin), { id: gone.userId, reason })
  await expect(to(gone.handle)).rejects.toMatchObject({ code: 'principal_unknown' })
  const exceptions = { [space]: { kind: 'hand-over' as const, to: admin.handle } }
  await expect(offboard(departingUser, { exceptions })).rejects.toMatchObject({
    code: 'self_escalation',
    fields: { [`exceptions.${space}.to`]: expect.any(String) },
  })
  expect(await leftOf(departingUser)).toMatchObject({ active: true, spaces: 1 })
})

test('a new owner can get more spaces than their own limit', async () => {
  const [departingUser, full] = await Promise.all([fixture.person('departing'), fixture.person('full')])
  for (let n = 0; n < 5; n++) await spaceOf(full)
  await spaceOf(departingUser)
  await offboard(departingUser, { rest: { kind: 'hand-over', to: full.handle } })
  expect((await listSpaces(fixture.as(full), {})).rows).toHaveLength(6)
})

test('an earlier end stays, and the policy’s maximum lifetime applies', async () => {
  const departingUser = await fixture.person('departing')
  const [soon, late] = [await spaceOf(departingUser), await spaceOf(departingUser)]
  const tomorrow = inDays(1)
  await fixture.owner.query('UPDATE space SET ends_at = $2 WHERE id = $1', [soon.id, tomorrow])
  const policy = { ...fixture.services.policy, longestSpaceDays: 5 }
  const given = { id: departingUser.userId, reason, confirmation: departingUser.handle }
  const as = fixture.as(admin, { policy })
  await expect(offboardPerson(as, { ...given, rest: { kind: 'delete', endsAt: inDays(9) } })).rejects.toMatchObject({
    code: 'space_too_long',
  })
  const endsAt = inDays(3)
  await offboardPerson(as, { ...given, rest: { kind: 'delete', endsAt } })
  const ends = 'SELECT ends_at FROM space WHERE id = $1'
  expect(await one(ends, soon.id)).toEqual({ ends_at: tomorrow })
  expect(await one(ends, late.id)).toEqual({ ends_at: endsAt })
})

test('anything a person does concurrently is either transferred too or refused', async () => {
  for (let round = 0; round < 4; round++) {
    const [departingUser, owner] = await Promise.all([fixture.person('departing'), fixture.person('owner')])
    const offered = await spaceOf(owner, 'offered')
    const shared = await spaceOf(owner, 'shared')
    await offerSpace(fixture.as(owner), { space: { name: offered.name }, to: departingUser.handle })
    const [offer] = await listOffers(fixture.as(departingUser))
    const results = await Promise.allSettled([
      createSpace(fixture.as(departingUser), { name: uniqueName('late'), ...plain }),
      createCredentialForAll(fixture.as(departingUser), {}),
      acceptOffer(fixture.as(departingUser), { id: offer?.id ?? '' }),
      addGrant(fixture.as(owner), { space: { name: shared.name }, principal: departingUser.handle, role: 'admin' }),
      requestRole(fixture.as(departingUser), { space: { name: uniqueName('x') }, role: 'viewer', reason: 'to look' }),
      offboard(departingUser),
    ])
    expect(results.at(-1)).toMatchObject({ status: 'fulfilled', value: { id: expect.any(String) } })
    for (const result of results.slice(0, -1))
      if (result.status === 'rejected')
        expect(result.reason).toMatchObject({
          code: expect.stringMatching(/^(deactivated|offer_closed|principal_unknown|not_found)$/),
        })
    expect(await leftOf(departingUser)).toEqual(nothing)
  }
})

test('a deactivated person can be offboarded, and reactivation restores no access', async () => {
  const departingUser = await fixture.person('departing', { groups: [uniqueName('team')] })
  const owner = await fixture.person('owner')
  const { name } = await spaceOf(owner)
  await addGrant(fixture.as(owner), { space: { name }, principal: departingUser.handle, role: 'editor' })
  await spaceOf(departingUser)
  await deactivatePerson(fixture.as(admin), { id: departingUser.userId, reason })
  await offboard(departingUser)
  const view = () => readPersonPage(fixture.as(admin), { handle: departingUser.handle })
  expect((await view()).offboarding).toMatchObject({ reason, by: { handle: admin.handle }, completedAt: null })
  await reactivatePerson(fixture.as(admin), { id: departingUser.userId, reason: 'back again' })
  const { offboarding, person } = await view()
  expect({ offboarding, spaces: person.spaces }).toEqual({ offboarding: null, spaces: 0 })
  expect((await readAccessOfPerson(fixture.as(admin), { person: departingUser.handle })).rows).toEqual([])
  expect(await leftOf(departingUser)).toEqual({ ...nothing, active: true })
  expect(await offboard(departingUser, { rest: null })).toMatchObject({ ended: { grants: 0, spacesHandedOver: 0 } })
})

test('an offboarded owner gets no role when a space that is about to end is taken over', async () => {
  const departingUser = await fixture.person('departing')
  const { id, name } = await spaceOf(departingUser)
  await offboard(departingUser, { rest: { kind: 'delete', endsAt: inDays(7) } })
  await offerSpace(fixture.as(admin), { space: { name }, to: newOwner.handle, reason })
  const offer = (await listOffers(fixture.as(newOwner))).find(({ space }) => space.name === name)
  await acceptOffer(fixture.as(newOwner), { id: offer?.id ?? '' })
  expect(await one('SELECT owner_id FROM space WHERE id = $1', id)).toEqual({ owner_id: newOwner.userId })
  expect(await leftOf(departingUser)).toEqual(nothing)
})

test('an owner of 500 spaces is offboarded in one transaction, an owner of 501 is refused', {
  timeout: 120_000,
}, async () => {
  const departingUser = await fixture.person('departing')
  const many = async (from: number, to: number) =>
    fixture.owner.query(
      `INSERT INTO space (id, cluster_id, name, namespace, creation, size, owner_id, status, namespace_uid)
       SELECT gen_random_uuid(), c.id, $2 || n, $2 || n, 'x', 'S', $1, 'ready', 'x' FROM cluster c, generate_series($3::int, $4::int) n WHERE c.name = 'default'`,
      [departingUser.userId, uniqueName('many'), from, to],
    )
  await many(1, 501)
  await expect(offboard(departingUser)).rejects.toMatchObject({
    code: 'bad_input',
    sentence: expect.stringMatching(/500/),
  })
  expect(await leftOf(departingUser)).toMatchObject({ active: true, spaces: 501 })
  await fixture.owner.query(
    `UPDATE space SET status = 'deleted' WHERE id = (SELECT id FROM space WHERE owner_id = $1 LIMIT 1)`,
    [departingUser.userId],
  )
  expect(await offboard(departingUser)).toMatchObject({ ended: { spacesHandedOver: 500 } })
  expect(await leftOf(departingUser)).toEqual(nothing)
})
