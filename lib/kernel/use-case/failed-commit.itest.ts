import { afterAll, beforeAll, expect, test } from 'vitest'
import { type BrokerFixture, openBrokerFixture } from '#dev/testing/fixtures/broker-fixture.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { addGrant } from '#lib/features/access/use-cases/add-grant.ts'
import { writeMissingOutcomes } from '#lib/features/audit/use-cases/write-missing-outcomes.ts'
import { createSpace } from '#lib/features/spaces/use-cases/create-space.ts'
import { readSpace } from '#lib/features/spaces/use-cases/read-space.ts'
import { isAppError } from '#lib/kernel/model/errors.ts'
import type { Actor } from '#lib/kernel/model/people/person.ts'
import { recorded } from './recorded.ts'

/* What the database refuses was certainly not done: only a lost connection leaves an outcome unknown. */
let fixture: BrokerFixture
let owner: Actor
let spaceId: string
const space = { name: uniqueName('refused') }
beforeAll(async () => {
  fixture = await openBrokerFixture({ offline: true })
  owner = await fixture.person('owner')
  await createSpace(fixture.as(owner), { ...space, description: '', size: 'S', endsAt: null })
  spaceId = (await readSpace(fixture.as(owner), space)).id
})
afterAll(() => fixture.close())

const codes = [
  ['a foreign key', '23503'],
  ['a check', '23514'],
  ['a missing right', '42501'],
  ['an invalid statement', '42601'],
  ['a transaction that can’t be serialized', '40001'],
  ['a deadlock', '40P01'],
] as const

/** Makes Postgres raise an error whenever a grant is added. @returns a function that undoes this */
async function failGrants(code: string, moment: string): Promise<() => Promise<unknown>> {
  const when =
    moment === 'at the commit'
      ? 'CONSTRAINT TRIGGER refused AFTER INSERT ON space_grant DEFERRABLE INITIALLY DEFERRED'
      : 'TRIGGER refused BEFORE INSERT ON space_grant'
  await fixture.owner.query(`
    CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'refused by the test' USING ERRCODE = '${code}'; END $$;
    CREATE ${when} FOR EACH ROW EXECUTE FUNCTION refuse()`)
  return () => fixture.owner.query('DROP TRIGGER refused ON space_grant; DROP FUNCTION refuse()')
}

const trail = async () =>
  (
    await fixture.owner.query(
      `SELECT outcome::text, reason, intent_id IS NOT NULL AS "endsIntent" FROM audit_event WHERE space_id = $1 AND action = 'grant.add' ORDER BY seq`,
      [spaceId],
    )
  ).rows
const later = () => writeMissingOutcomes(fixture.system({ clock: () => new Date(Date.now() + 16 * 60_000) }))
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: unknown) => (isAppError(error) ? error.code : 'an unexpected failure'),
  )

test.each(['halfway', 'at the commit'].flatMap((moment) => codes.map(([what, code]) => [moment, what, code])))(
  'a change that fails %s by %s is reported as failed, once, in the trail too',
  async (moment, _what, code) => {
    const friend = await fixture.person('friend')
    const before = (await trail()).length
    const undo = await failGrants(code, moment)
    try {
      expect(await codeOf(addGrant(fixture.as(owner), { space, principal: friend.handle, role: 'viewer' }))).toBe(
        'an unexpected failure',
      )
    } finally {
      await undo()
    }
    expect(await fixture.services.db.grant.count({ where: { userId: friend.userId } })).toBe(0)
    await later()
    expect((await trail()).slice(before)).toEqual([{ outcome: 'failed', reason: 'bug', endsIntent: false }])
  },
)

test('a failure after the commit is reported as failed, and is the outcome of the change’s intent', async () => {
  const before = (await trail()).length
  const work = recorded(fixture.as(owner), 'grant.add', { spaceId }, async (record) => {
    await record.commit(async () => {})
    await fixture.services.pool.query('SELECT 1 / 0')
  })
  expect(await codeOf(work)).toBe('an unexpected failure')
  await later()
  expect((await trail()).slice(before)).toEqual([
    { outcome: null, reason: null, endsIntent: false },
    { outcome: 'failed', reason: 'bug', endsIntent: true },
  ])
})
