/** A pushed group that lets people sign in: removing people from it signs them out immediately. */
import { randomBytes, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type BrokerFixture, openBrokerFixture } from '#dev/testing/fixtures/broker-fixture.ts'
import { provision, tokenOf } from '#dev/testing/fixtures/provisioning-scene.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import type { Actor } from '#lib/kernel/model/people/person.ts'
import { deleteGroup } from './delete-group.ts'

let fixture: BrokerFixture
beforeAll(async () => {
  fixture = await openBrokerFixture({ offline: true })
})
afterAll(() => fixture.close())

/** Gives a person a session and a kubeconfig. */
async function signedIn(name: string, options: Parameters<BrokerFixture['person']>[1] = {}): Promise<Actor> {
  const actor = await fixture.person(name, options)
  await fixture.owner.query(
    `INSERT INTO session (id, token_hash, user_id, expires_at) VALUES (gen_random_uuid(), $1, $2, now() + interval '1 hour')`,
    [randomBytes(32), actor.userId],
  )
  await fixture.owner.query(
    `INSERT INTO credential (id, user_id, token_hash, created_at, ends_at) VALUES ($1, $2, $3, now(), now() + interval '30 days')`,
    [randomUUID(), actor.userId, randomBytes(32)],
  )
  return actor
}

const hasAccess = async ({ userId }: Actor): Promise<{ session: boolean; credential: boolean }> => {
  const { rows } = await fixture.owner.query(
    `SELECT EXISTS (SELECT FROM session WHERE user_id = $1 AND expires_at > now()) AS session,
      EXISTS (SELECT FROM credential WHERE user_id = $1 AND revoked_at IS NULL) AS credential`,
    [userId],
  )
  return rows[0]
}
const both = { session: true, credential: true }
const neither = { session: false, credential: false }

async function scene() {
  const [staff, guests] = [uniqueName('staff'), uniqueName('guests')]
  const token = await tokenOf(fixture, { makers: [], listed: [staff, guests], signInGroups: [staff, guests] })
  const admin = await signedIn('chief', { platformRole: 'admin' })
  const boss = await provision(token.idp, admin)
  return { staff, guests, token, admin, boss }
}

test('a removed member loses session and kubeconfig immediately, unless another group lets them sign in', async () => {
  const { staff, guests, token, boss } = await scene()
  const [leaving, staying, moving] = [await signedIn('leaving'), await signedIn('staying'), await signedIn('moving')]
  const ids = await Promise.all([leaving, staying, moving].map((one) => provision(token.idp, one)))
  const [first = '', , third = ''] = ids
  const { id } = await token.push(staff, [boss, ...ids])
  await token.push(guests, [third])
  for (const one of [leaving, staying, moving]) expect(await hasAccess(one)).toEqual(both)
  const remove = (member: string) => ({ op: 'remove', path: `members[value eq "${member}"]` })
  await token.patch(id, remove(first), remove(third))
  expect(await hasAccess(leaving)).toEqual(neither)
  expect(await hasAccess(staying)).toEqual(both)
  expect(await hasAccess(moving)).toEqual(both)
  const { rows } = await fixture.owner.query(
    `SELECT detail FROM audit_event WHERE action = 'provisioning.group-change' AND target_id = $1 AND detail ? 'signedOut' ORDER BY seq`,
    [id],
  )
  expect(rows).toMatchObject([
    { detail: { leftCount: 2, signedOut: [leaving.handle], signedOutCount: 1, credentialsRevoked: 1 } },
  ])
})

test('pushing the group signs out only people who leave it; after its deletion, sign-ins decide', async () => {
  const { staff, token, boss } = await scene()
  const outside = await signedIn('outside')
  const { id } = await token.push(staff, [boss])
  expect(await hasAccess(outside)).toEqual(both)
  await deleteGroup(token.idp, { id, ifMatch: null })
  expect(await hasAccess(outside)).toEqual(both)
})

test('a token can’t sign out the last platform admin; of several, the one signed out loses the role', async () => {
  await fixture.owner.query(`UPDATE user_account SET platform_role = 'member'`)
  const { staff, guests, token, admin, boss } = await scene()
  const other = await signedIn('deputy', { platformRole: 'admin' })
  const deputy = await provision(token.idp, other)
  await expect(token.push(staff, [])).rejects.toMatchObject({ code: 'scim_last_admin' })
  expect(await hasAccess(admin)).toEqual(both)
  const { id } = await token.push(staff, [boss, deputy])
  await token.patch(id, { op: 'remove', path: `members[value eq "${deputy}"]` })
  expect(await hasAccess(other)).toEqual(neither)
  const roleOf = async ({ userId }: Actor) =>
    (await fixture.owner.query('SELECT platform_role::text AS role FROM user_account WHERE id = $1', [userId])).rows[0]
      .role
  expect(await roleOf(other)).toBe('member')
  await expect(token.put(id, staff, [])).rejects.toMatchObject({ code: 'scim_last_admin' })
  await token.push(guests, [boss])
  await token.put(id, staff, [])
  expect(await hasAccess(admin)).toEqual(both)
  expect(await roleOf(admin)).toBe('admin')
})
