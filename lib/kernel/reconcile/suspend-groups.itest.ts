import { randomBytes, randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type BrokerFixture, issuerOfTests, openBrokerFixture } from '#dev/testing/fixtures/broker-fixture.ts'
import { policyScene } from '#dev/testing/fixtures/policy-scene.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { saveClaims } from '#lib/auth/db/save-claims.ts'
import { readSession } from '#lib/auth/session/read-session.ts'
import { hashSessionToken } from '#lib/auth/session/session-rules.ts'
import { addGrant } from '#lib/features/access/use-cases/add-grant.ts'
import { readAccessOfSpace } from '#lib/features/access/use-cases/read-access-report.ts'
import { searchPrincipals } from '#lib/features/access/use-cases/search-principals.ts'
import { listInbox } from '#lib/features/inbox/use-cases/list-inbox.ts'
import { notifyStaleGroups } from '#lib/features/inbox/use-cases/notify-stale-groups.ts'
import { deactivatePerson } from '#lib/features/people/use-cases/deactivate-person.ts'
import { changePolicy } from '#lib/features/policy/use-cases/change-policy.ts'
import { readPolicy } from '#lib/features/policy/use-cases/read-policy.ts'
import { tryPolicy } from '#lib/features/policy/use-cases/try-policy.ts'
import { requestSpace } from '#lib/features/requests/use-cases/request-space.ts'
import { createSpace } from '#lib/features/spaces/use-cases/create-space.ts'
import { readSpace } from '#lib/features/spaces/use-cases/read-space.ts'
import { inTransaction } from '#lib/kernel/db/in-transaction.ts'
import { loadDesiredSpace } from '#lib/kernel/db/spaces/load-desired-space.ts'
import type { Actor } from '#lib/kernel/model/people/person.ts'
import { suspendGroups } from './suspend-groups.ts'

let fixture: BrokerFixture
let admin: Actor
let scene: ReturnType<typeof policyScene>
beforeAll(async () => {
  fixture = await openBrokerFixture()
  admin = await fixture.person('padmin', { platformRole: 'admin' })
  scene = policyScene(fixture, admin)
})
afterEach(async () => {
  await fixture.owner.query('UPDATE identity_provider SET failures = 0')
  await scene.reset()
})
afterAll(() => fixture.close())

const noted = (issuer: string, failures: number) =>
  fixture.owner.query(
    `INSERT INTO identity_provider (issuer, asked_at, failures) VALUES ($1, now(), $2)
     ON CONFLICT (issuer) DO UPDATE SET failures = EXCLUDED.failures`,
    [issuer, failures],
  )
const age = (person: Actor, hours: number) =>
  fixture.owner.query(`UPDATE user_account SET groups_verified_at = now() - $2 * interval '1 hour' WHERE id = $1`, [
    person.userId,
    hours,
  ])
const confirm = (person: Actor) =>
  inTransaction(fixture.services.db, (tx) =>
    saveClaims(
      tx,
      { id: person.userId, issuer: issuerOfTests },
      {
        name: person.name,
        email: person.email,
        emailUnverified: false,
        groups: { names: person.groups, leftOut: [], platformRoleOf: () => 'member', listed: [] },
      },
      new Date(),
    ),
  )
const generationOf = async (id: string) =>
  (await fixture.owner.query('SELECT generation FROM space WHERE id = $1', [id])).rows[0].generation

async function shared() {
  const group = uniqueName('team')
  const [owner, member] = [await fixture.person('owner'), await fixture.person('member', { groups: [group] })]
  const name = uniqueName('shared')
  await createSpace(fixture.as(owner), { name, description: '', size: 'S', endsAt: null })
  await addGrant(fixture.as(owner), { space: { name }, principal: `group:${group}`, role: 'editor' })
  const { id } = await readSpace(fixture.as(owner), { name })
  const isIn = () =>
    readSpace(fixture.as(member), { name }).then(
      ({ standing }) => standing,
      ({ code }) => code,
    )
  const isBound = async () =>
    (await loadDesiredSpace(fixture.services.pool, id, new Date()))?.wanted.members.some(
      ({ member: { userId } }) => userId === member.userId,
    )
  return { id, name, group, owner, member, isIn, isBound }
}

test('a role from a group is suspended on pages and on the cluster when the provider’s confirmation is a day old, and returns with a new one', async () => {
  const { id, member, isIn, isBound } = await shared()
  await age(member, 23)
  expect([await isIn(), await isBound()]).toEqual(['editor', true])
  await age(member, 24.1)
  expect([await isIn(), await isBound()]).toEqual(['not_found', false])
  const before = await generationOf(id)
  const runs = await Promise.all([1, 2].map(() => suspendGroups(fixture.system())))
  expect(runs.reduce((sum, { paused }) => sum + paused, 0)).toBe(1)
  expect(await generationOf(id)).toBe(before + 1)
  expect(await suspendGroups(fixture.system())).toEqual({ paused: 0, resumed: 0 })
  await confirm(member)
  expect([await isIn(), await isBound()]).toEqual(['editor', true])
  expect(await generationOf(id), 'the same groups, but the cluster must be written').toBe(before + 2)
  const { rows } = await fixture.owner.query(
    `SELECT action, outcome::text FROM audit_event WHERE target_id = $1 AND action LIKE 'groups.%'`,
    [member.userId],
  )
  expect(rows).toEqual([{ action: 'groups.pause', outcome: 'ok' }])
})

test('a person deactivated while their role is suspended, before a worker noticed, is still removed from the cluster', async () => {
  const { id, member } = await shared()
  await age(member, 25)
  const before = await generationOf(id)
  expect(await deactivatePerson(fixture.as(admin), { id: member.userId, reason: 'left the company' })).toMatchObject({
    spaces: 1,
  })
  expect(await generationOf(id)).toBe(before + 1)
  await age(member, 0)
})

test('the policy sets the time; without that rule, as in versions of earlier releases, claims count forever', async () => {
  const { id, member, isIn } = await shared()
  await age(member, 30)
  await suspendGroups(fixture.system())
  const before = await generationOf(id)
  await scene.save({ groupHours: 48 })
  expect(await isIn()).toBe('editor')
  expect(await suspendGroups(fixture.system())).toEqual({ paused: 0, resumed: 1 })
  expect(await generationOf(id)).toBe(before + 1)
  await scene.save({ groupHours: 1 })
  expect(await isIn()).toBe('not_found')
  await scene.save({ groupHours: null })
  await age(member, 10_000)
  expect(await isIn()).toBe('editor')
})

test('while the provider is unavailable, claims count for the policy’s hours once more, three days at most', async () => {
  const { member, isIn } = await shared()
  const silent = (failures: number) => noted(issuerOfTests, failures)
  await age(member, 47)
  await silent(4)
  expect(await isIn(), 'four failures in a row can be bad luck').toBe('not_found')
  await silent(5)
  expect(await isIn()).toBe('editor')
  await age(member, 48.1)
  expect(await isIn()).toBe('not_found')
  await scene.save({ groupHours: 100 })
  await age(member, 171)
  expect(await isIn()).toBe('editor')
  await age(member, 172.1)
  expect(await isIn()).toBe('not_found')
})

test('another provider’s unavailability has no effect on these people', async () => {
  const { member, isIn } = await shared()
  await age(member, 47)
  await noted('https://partner.test', 5)
  expect(await isIn()).toBe('not_found')
  await noted(issuerOfTests, 5)
  await noted('https://partner.test', 0)
  expect(await isIn()).toBe('editor')
})

test('a person with suspended groups is still found, counted and shown', async () => {
  const { group, owner, member, name } = await shared()
  await age(member, 25)
  expect(await searchPrincipals(fixture.as(owner), { space: { name }, text: group })).toContainEqual({
    kind: 'group',
    id: group,
    people: 1,
    from: null,
  })
  const { rows } = await readAccessOfSpace(fixture.as(admin), { space: { name } })
  expect(rows.map(({ person, paused }) => [person?.handle, paused])).toEqual(
    expect.arrayContaining([
      [owner.handle, false],
      [member.handle, true],
    ]),
  )
})

test('a platform role is suspended with its groups, in sessions and in the transactions they start', async () => {
  const group = uniqueName('admins')
  const other = await fixture.person('other', { platformRole: 'admin', groups: [group] })
  const token = randomBytes(32).toString('base64url')
  await fixture.owner.query(
    `INSERT INTO session (id, token_hash, user_id, expires_at) VALUES ($1, $2, $3, now() + interval '1 hour')`,
    [randomUUID(), hashSessionToken(token), other.userId],
  )
  const session = () => readSession(fixture.services, token, { count: true })
  const wish = { name: uniqueName('large'), description: '', size: 'L', endsAt: null, reason: 'a test' } as const
  await requestSpace(fixture.as(await fixture.person('asker')), wish)
  expect((await session())?.inbox).toBeGreaterThan(0)
  expect(await session()).toMatchObject({ groupsSuspended: false, actor: { platformRole: 'admin', groups: [group] } })
  const { number, rules } = await readPolicy(fixture.as(other), {})
  await age(other, 25)
  expect(await session()).toMatchObject({
    groupsSuspended: true,
    actor: { platformRole: 'member', groups: [] },
    inbox: 0,
  })
  const change = { base: number, rules: { ...rules, groupHours: null }, reason: 'so that mine are never suspended' }
  await expect(changePolicy(fixture.as(other), change)).rejects.toMatchObject({ code: 'forbidden' })
})

test('people with a kubeconfig that outlasts their groups are notified once, some hours before', async () => {
  const [first, second] = [await shared(), await shared()]
  const insert = `INSERT INTO credential (id, user_id, token_hash, ends_at)
    VALUES (gen_random_uuid(), $1, $2, now() + $3 * interval '1 hour')`
  await fixture.owner.query(insert, [first.member.userId, randomBytes(32), 48])
  await fixture.owner.query(insert, [second.member.userId, randomBytes(32), 1])
  const told = async ({ member }: typeof first) =>
    (await listInbox(fixture.as(member), {})).rows.filter(({ event }) => event.kind === 'groups-pausing').length
  for (const { member } of [first, second]) await age(member, 19.9)
  await notifyStaleGroups(fixture.system())
  expect([await told(first), await told(second)]).toEqual([0, 0])
  for (const { member } of [first, second]) await age(member, 20.1)
  await Promise.all([1, 2].map(() => notifyStaleGroups(fixture.system())))
  await notifyStaleGroups(fixture.system())
  expect([await told(first), await told(second)]).toEqual([1, 0])
})

test('the dry run shows the people with roles to suspend, and considers an unavailable provider', async () => {
  const { member } = await shared()
  const { rules } = await readPolicy(fixture.as(admin), {})
  const suspended = async (groupHours: number | null) =>
    (await tryPolicy(fixture.as(admin), { rules: { ...rules, groupHours } })).suspended
  const before = await suspended(500)
  await age(member, 600)
  expect(await suspended(500)).toBe(before + 1)
  expect(await suspended(601)).toBe(before)
  expect(await suspended(null)).toBe(0)
  await noted(issuerOfTests, 5)
  expect(await suspended(550)).toBe(before)
})
