import { randomBytes, randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type BrokerFixture, openBrokerFixture } from '#dev/testing/fixtures/broker-fixture.ts'
import { policyScene } from '#dev/testing/fixtures/policy-scene.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { listInbox } from '#lib/features/inbox/use-cases/list-inbox.ts'
import { readPolicy } from '#lib/features/policy/use-cases/read-policy.ts'
import { tryPolicy } from '#lib/features/policy/use-cases/try-policy.ts'
import { createSpace } from '#lib/features/spaces/use-cases/create-space.ts'
import type { Actor } from '#lib/kernel/model/people/person.ts'
import { deactivateUnseen } from './deactivate-unseen.ts'
import { reactivatePerson } from './reactivate-person.ts'

let fixture: BrokerFixture
let admin: Actor
let scene: ReturnType<typeof policyScene>
beforeAll(async () => {
  fixture = await openBrokerFixture({ offline: true })
  admin = await fixture.person('padmin', { platformRole: 'admin' })
  scene = policyScene(fixture, admin)
})
afterEach(() => scene.reset())
afterAll(() => fixture.close())

/**
 * Runs two workers at once.
 * @returns the number of people in each step
 */
async function run() {
  const runs = await Promise.all([1, 2].map(() => deactivateUnseen(fixture.system())))
  return runs.reduce((sum, one) => ({
    warned: sum.warned + one.warned,
    reminded: sum.reminded + one.reminded,
    deactivated: sum.deactivated + one.deactivated,
  }))
}
const none = { warned: 0, reminded: 0, deactivated: 0 }

/** Lets days pass for an inactive person. */
const pass = (days: number, ...people: Actor[]) =>
  fixture.owner.query(
    `UPDATE user_account SET last_sign_in_at = last_sign_in_at - d, unseen_warned_at = unseen_warned_at - d,
       unseen_reminded_at = unseen_reminded_at - d, unseen_ends_at = unseen_ends_at - d
     FROM (SELECT $2 * interval '1 day' AS d) AS passed WHERE id = ANY ($1)`,
    [people.map(({ userId }) => userId), days],
  )
const told = async (person: Actor) =>
  (await listInbox(fixture.as(person), {})).rows.filter(({ event }) => event.kind === 'deactivation-coming').length
const stateOf = async ({ userId }: Actor) =>
  (
    await fixture.owner.query(
      `SELECT deactivated_at IS NOT NULL AS deactivated, deactivation_reason AS reason, unseen_warned_at IS NOT NULL AS warned,
         round(extract(epoch FROM unseen_ends_at - now()) / 86400)::int AS days FROM user_account WHERE id = $1`,
      [userId],
    )
  ).rows[0]
const credential = async ({ userId }: Actor, usedDaysAgo: number | null = null) => {
  await fixture.owner.query(
    `WITH made AS (INSERT INTO credential (id, user_id, token_hash, ends_at)
       VALUES (gen_random_uuid(), $1, $2, now() + interval '20 days') RETURNING id)
     INSERT INTO credential_use (credential_id, last_used_at)
       SELECT id, now() - $3 * interval '1 day' FROM made WHERE $3::int IS NOT NULL`,
    [userId, randomBytes(32), usedDaysAgo],
  )
}

test('an inactive person gets two warnings, then is deactivated without an actor; an admin can reactivate them', async () => {
  await scene.save({ unseenDays: 90 })
  const person = await fixture.person('away')
  await createSpace(fixture.as(person), { name: uniqueName('left'), description: '', size: 'S', endsAt: null })
  await credential(person)
  await pass(75.9, person)
  expect(await run()).toEqual(none)
  await pass(0.2, person)
  expect(await run()).toEqual({ ...none, warned: 1 })
  expect(await stateOf(person)).toMatchObject({ deactivated: false, days: 14 })
  await pass(10.9, person)
  expect(await run()).toEqual(none)
  await pass(0.2, person)
  expect(await run()).toEqual({ ...none, reminded: 1 })
  expect(await told(person)).toBe(2)
  await pass(2.9, person)
  expect(await run()).toEqual(none)
  await pass(0.2, person)
  expect(await run()).toEqual({ ...none, deactivated: 1 })
  expect(await run()).toEqual(none)
  expect(await stateOf(person)).toMatchObject({ deactivated: true, reason: 'unseen for 90 days' })
  const { rows } = await fixture.owner.query(
    `SELECT action, actor_kind, outcome::text, detail FROM audit_event WHERE at > now() - interval '5 minutes'
       AND (target_id = $1 OR detail ->> 'person' = $2) ORDER BY seq`,
    [person.userId, person.handle],
  )
  expect(rows).toMatchObject([
    { action: 'credential.revoke', actor_kind: 'system', detail: { reason: 'unseen for 90 days' } },
    {
      action: 'person.deactivate',
      actor_kind: 'system',
      outcome: 'ok',
      detail: { reason: 'unseen for 90 days', credentials: 1, spaces: 1 },
    },
  ])

  await reactivatePerson(fixture.as(admin), { id: person.userId, reason: 'was on leave' })
  expect(await run(), 'they get their two weeks again').toEqual({ ...none, warned: 1 })
  expect(await stateOf(person)).toMatchObject({ deactivated: false, days: 14 })
  await pass(-200, person)
})

test('people already overdue when the rule starts, or after workers were down, still get both warnings and their time', async () => {
  const person = await fixture.person('gone')
  await pass(400, person)
  expect(await run(), 'never, unless the policy says so').toEqual(none)
  await scene.save({ unseenDays: 30 })
  expect(await run()).toEqual({ ...none, warned: 1 })
  expect(await stateOf(person)).toMatchObject({ deactivated: false, days: 14 })
  await pass(60, person)
  expect(await run()).toEqual({ ...none, reminded: 1 })
  expect(await stateOf(person)).toMatchObject({ deactivated: false, days: 3 })
  await pass(3.1, person)
  expect(await run()).toEqual({ ...none, deactivated: 1 })
})

test('a person reactivated before the next run gets both warnings and two weeks too', async () => {
  await scene.save({ unseenDays: 30 })
  const person = await fixture.person('quick')
  await pass(100, person)
  await run()
  await pass(12, person)
  await run()
  await pass(4, person)
  expect(await run()).toEqual({ ...none, deactivated: 1 })
  await reactivatePerson(fixture.as(admin), { id: person.userId, reason: 'was on leave' })
  expect(await run()).toEqual({ ...none, warned: 1 })
  expect(await stateOf(person)).toMatchObject({ deactivated: false, days: 14 })
})

test.each([
  [
    'signed in',
    ({ userId }: Actor) =>
      fixture.owner.query('UPDATE user_account SET last_sign_in_at = now() WHERE id = $1', [userId]),
  ],
  [
    'opened a page',
    ({ userId }: Actor) =>
      fixture.owner.query(
        `INSERT INTO session (id, token_hash, user_id, expires_at) VALUES ($1, $2, $3, now() + interval '1 hour')`,
        [randomUUID(), randomBytes(32), userId],
      ),
  ],
  ['used kubectl', (person: Actor) => credential(person, 0)],
])('a person who %s after both warnings is not deactivated, and the warnings are cleared', async (_how, appear) => {
  await scene.save({ unseenDays: 30 })
  const person = await fixture.person('back')
  await pass(40, person)
  await run()
  await pass(12, person)
  await run()
  expect(await told(person)).toBe(2)
  await pass(4, person)
  await appear(person)
  expect(await run()).toEqual(none)
  expect(await stateOf(person)).toMatchObject({ deactivated: false, warned: false })
})

test('a policy that allows more time, or drops the rule, clears the warnings', async () => {
  const person = await fixture.person('lucky')
  await pass(40, person)
  for (const unseenDays of [null, 60]) {
    await scene.save({ unseenDays: 30 })
    await run()
    expect(await stateOf(person)).toMatchObject({ warned: true })
    await scene.save({ unseenDays })
    expect(await run()).toEqual(none)
    expect(await stateOf(person)).toMatchObject({ deactivated: false, warned: false })
  }
})

test('a policy that allows more days warns people again, with the new date', async () => {
  await scene.save({ unseenDays: 30 })
  const person = await fixture.person('longer')
  await pass(17, person)
  await run()
  expect(await told(person)).toBe(1)
  await pass(8, person)
  await scene.save({ unseenDays: 35 })
  await run()
  await run()
  expect(await told(person)).toBe(2)
  expect(await stateOf(person)).toMatchObject({ deactivated: false, days: 14 })
})

test('workers skip locked people, so that they can’t deadlock with an act on several people', async () => {
  await scene.save({ unseenDays: 30 })
  const person = await fixture.person('busy')
  await pass(100, person)
  await run()
  await pass(-100, person)
  const client = await fixture.owner.connect()
  try {
    await client.query('BEGIN')
    await client.query('SELECT FROM user_account WHERE id = $1 FOR NO KEY UPDATE', [person.userId])
    expect(await run()).toEqual(none)
    expect(await stateOf(person)).toMatchObject({ warned: true })
  } finally {
    await client.query('ROLLBACK')
    client.release()
  }
  await run()
  expect(await stateOf(person)).toMatchObject({ warned: false })
})

test('the last active platform admin stays, even if two workers process the last two', async () => {
  await scene.save({ unseenDays: 30 })
  const admins = await Promise.all(
    [1, 2].map(() => fixture.person('admin', { platformRole: 'admin', issuer: 'https://admins.test' })),
  )
  await pass(100, ...admins)
  await run()
  await pass(12, ...admins)
  await run()
  await pass(4, ...admins)
  expect(await run()).toEqual({ ...none, deactivated: 1 })
  await pass(2, ...admins)
  expect(await run()).toEqual(none)
  const states = await Promise.all(admins.map(stateOf))
  expect(states.filter(({ deactivated }) => !deactivated)).toHaveLength(1)
})

test('a stolen worker login can’t deactivate anyone active within 30 days', async () => {
  const [seen, active] = [await fixture.person('seen'), await fixture.person('active')]
  await pass(29, seen)
  await pass(300, active)
  await credential(active, 1)
  const { pool } = fixture.system()
  for (const { userId } of [seen, active, admin])
    await expect(pool.query('UPDATE user_account SET deactivated_at = now() WHERE id = $1', [userId])).rejects.toThrow(
      'permission denied',
    )
})

test('the trial counts the people who would be warned', async () => {
  const { rules } = await readPolicy(fixture.as(admin), {})
  const unseen = async (unseenDays: number | null) =>
    (await tryPolicy(fixture.as(admin), { rules: { ...rules, unseenDays } })).unseen
  const before = await unseen(1_000)
  await pass(1_001, await fixture.person('gone'))
  expect(await unseen(1_000)).toBe(before + 1)
  expect(await unseen(null)).toBe(0)
})
