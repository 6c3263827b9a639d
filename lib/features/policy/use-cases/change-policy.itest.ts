import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { untilBlockedBy } from '#dev/testing/database/until-blocked.ts'
import { type BrokerFixture, issuerOfTests, openBrokerFixture } from '#dev/testing/fixtures/broker-fixture.ts'
import { policyScene, wish } from '#dev/testing/fixtures/policy-scene.ts'
import { createSpace } from '#lib/features/spaces/use-cases/create-space.ts'
import type { Actor } from '#lib/kernel/model/people/person.ts'
import type { PolicyRules } from '#lib/kernel/model/policy/policy-rules.ts'
import { changePolicy } from './change-policy.ts'
import { readPolicy } from './read-policy.ts'
import { tryPolicy } from './try-policy.ts'

let fixture: BrokerFixture
let admin: Actor
let scene: ReturnType<typeof policyScene>
beforeAll(async () => {
  fixture = await openBrokerFixture()
  admin = await fixture.person('padmin', { platformRole: 'admin' })
  scene = policyScene(fixture, admin)
})
beforeEach(() => scene.reset())
afterAll(() => fixture.close())

const save = (changed: Partial<PolicyRules>) => scene.save(changed)

test('a change is in the trail, with the rules before and after and the reason', async () => {
  await save({ spaceLimit: 9 })
  const { rows } = await fixture.owner.query(
    `SELECT e.detail, o.outcome::text AS outcome FROM audit_event e JOIN audit_event o ON o.intent_id = e.id
     WHERE e.action = 'policy.change' ORDER BY e.seq DESC LIMIT 1`,
  )
  expect(rows[0]).toMatchObject({
    outcome: 'ok',
    detail: { reason: 'a test', before: { spaceLimit: 5 }, after: { spaceLimit: 9 } },
  })
})

test('the trail has the reason and the changes, regardless of the number of exempt groups', async () => {
  const groups = Array.from({ length: 50 }, (_, at) => ({ issuer: issuerOfTests, group: `${at} ${'"'.repeat(1_000)}` }))
  await save({ exemptGroups: groups })
  await scene.reset()
  const { rows } = await fixture.owner.query(
    `SELECT e.detail FROM audit_event e WHERE e.action = 'policy.change' AND e.intent_id IS NULL ORDER BY e.seq DESC LIMIT 2`,
  )
  expect(rows.map(({ detail }) => detail)).toMatchObject([
    { reason: 'as it was', noLongerExemptCount: 50 },
    { reason: 'a test', exemptedCount: 50, exempted: expect.arrayContaining([expect.stringMatching(/^0 "/)]) },
  ])
})

test.each([
  ['https://other.test', { exemptGroups: [{ issuer: 'https://other.test', group: 'crew' }] }],
  [`${issuerOfTests}/`, { exemptGroups: [{ issuer: `${issuerOfTests}/`, group: 'crew' }] }],
  ['', { exemptGroups: [{ issuer: '', group: 'crew' }] }],
  [
    'https://other.test',
    { roleRequests: { deciders: { who: 'group', issuer: 'https://other.test', group: 'crew' }, approvals: 1 } },
  ],
  [
    'https://other.test',
    { spaceRequests: { deciders: { who: 'group', issuer: 'https://other.test', group: 'crew' }, approvals: 1 } },
  ],
] satisfies [string, Partial<PolicyRules>][])(
  'a group of an unconfigured issuer (%s) is refused at its field, for saving and for a trial',
  async (issuer, changed) => {
    const { number, rules } = await readPolicy(fixture.as(admin), {})
    const given = { ...rules, ...changed }
    const field = Object.keys(changed).map(
      (name) => `rules.${name}${name.endsWith('Requests') ? '.deciders.group' : ''}`,
    )
    const refused = {
      code: 'bad_input',
      sentence: expect.stringContaining(issuer),
      fields: { [`${field[0]}`]: expect.anything() },
    }
    await expect(
      changePolicy(fixture.as(admin), { base: number, rules: given, reason: 'a test' }),
    ).rejects.toMatchObject(refused)
    await expect(tryPolicy(fixture.as(admin), { rules: given })).rejects.toMatchObject(refused)
    expect((await readPolicy(fixture.as(admin), {})).number).toBe(number)
  },
)

describe('two at once', () => {
  test('of two admins who edit the same version, one wins and the other sees what changed', async () => {
    const { number, rules } = await readPolicy(fixture.as(admin), {})
    const second = await fixture.person('padmin', { platformRole: 'admin' })
    const results = await Promise.allSettled([
      changePolicy(fixture.as(admin), { base: number, rules: { ...rules, spaceLimit: 3 }, reason: 'fewer' }),
      changePolicy(fixture.as(second), { base: number, rules: { ...rules, spaceLimit: 4 }, reason: 'fewer' }),
    ])
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    const refused = results.find((result) => result.status === 'rejected')?.reason
    expect(refused).toMatchObject({
      code: 'policy_changed',
      sentence: expect.stringMatching(/saved version \d+ since.*Spaces per person: 5 → [34]/),
    })
    expect((await readPolicy(fixture.as(admin), {})).number).toBe(number + 1)
  })

  test('a creation that waits while the policy is tightened follows the new version', async () => {
    const ctx = fixture.as(await fixture.person('member'))
    const { number, rules } = await readPolicy(fixture.as(admin), {})
    const client = await fixture.owner.connect()
    try {
      await client.query('BEGIN')
      await client.query('SELECT hold_policy(true)')
      await client.query(
        `INSERT INTO policy_version (number, rules, reason, author_id, created_at) VALUES ($1, $2, 'x', $3, now())`,
        [number + 1, JSON.stringify({ ...rules, spaceLimit: 0 }), admin.userId],
      )
      const creating = createSpace(ctx, wish()).catch((error: unknown) => error)
      await untilBlockedBy(client, fixture.owner)
      await client.query('COMMIT')
      expect(await creating).toEqual(expect.objectContaining({ code: 'space_limit' }))
    } finally {
      client.release()
    }
  })
})

describe('attacks', () => {
  test('an admin who lost the role with the page open can’t change anything', async () => {
    const former = await fixture.person('former', { platformRole: 'admin' })
    const { number, rules } = await readPolicy(fixture.as(former), {})
    await fixture.owner.query(`UPDATE user_account SET platform_role = 'member' WHERE id = $1`, [former.userId])
    const change = { base: number, rules: { ...rules, spaceLimit: 1_000 }, reason: 'for me' }
    await expect(changePolicy(fixture.as(former), change)).rejects.toMatchObject({ code: 'forbidden' })
    expect((await readPolicy(fixture.as(admin), {})).number).toBe(number)
  })

  test('an auditor can read, but neither try nor change the policy', async () => {
    const auditor = fixture.as(await fixture.person('auditor', { platformRole: 'auditor' }))
    const { number, rules } = await readPolicy(auditor, {})
    const changed = { ...rules, spaceLimit: 1_000 }
    await expect(tryPolicy(auditor, { rules: changed })).rejects.toMatchObject({ code: 'forbidden' })
    await expect(changePolicy(auditor, { base: number, rules: changed, reason: 'for me' })).rejects.toMatchObject({
      code: 'forbidden',
    })
  })

  test('a forged version number is refused, too low or too high', async () => {
    await save({ spaceLimit: 8 })
    const { number, rules } = await readPolicy(fixture.as(admin), {})
    for (const base of [0, number - 1, number + 1, 2_147_483_646]) {
      const change = { base, rules: { ...rules, spaceLimit: 7 }, reason: 'a forgery' }
      await expect(changePolicy(fixture.as(admin), change), String(base)).rejects.toMatchObject({
        code: 'policy_changed',
      })
    }
    for (const base of [-1, 1.5, 2_147_483_647, Number.NaN]) {
      const change = { base, rules: { ...rules, spaceLimit: 7 }, reason: 'a forgery' }
      await expect(changePolicy(fixture.as(admin), change), String(base)).rejects.toMatchObject({ code: 'bad_input' })
    }
  })
})

test('an older version can be viewed, and restored as a new one', async () => {
  const first = await save({ spaceLimit: 6 })
  await save({ spaceLimit: 7 })
  const shown = await readPolicy(fixture.as(admin), { version: first.number })
  expect(shown.older).toMatchObject({ number: first.number, rules: { spaceLimit: 6 } })
  expect((await readPolicy(fixture.as(admin), { version: 2_000_000_000 })).older).toBeNull()
  const rules = shown.older?.rules ?? shown.rules
  const { number } = await changePolicy(fixture.as(admin), { base: shown.number, rules, reason: 'as before' })
  expect(number).toBe(first.number + 2)
  expect((await readPolicy(fixture.as(admin), {})).rules.spaceLimit).toBe(6)
})

test('the history has pages', async () => {
  const ctx = fixture.as(admin)
  for (let times = 0; times < 21; times++) await save({ spaceLimit: 100 + times })
  const { versions, next, number } = await readPolicy(ctx, {})
  expect(versions.map((version) => version.number)).toEqual(Array.from({ length: 20 }, (_, at) => number - at))
  const older = await readPolicy(ctx, { before: next ?? 0 })
  expect(older).toMatchObject({
    number,
    versions: expect.arrayContaining([expect.objectContaining({ number: number - 20 })]),
  })
})
