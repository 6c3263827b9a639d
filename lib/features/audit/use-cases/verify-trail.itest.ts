import { afterAll, beforeAll, expect, test } from 'vitest'
import { type BrokerFixture, openBrokerFixture, type TestContext } from '#dev/testing/fixtures/broker-fixture.ts'
import { sealTrail } from '#lib/features/audit/db/chain/sealing.ts'
import { checkSpaceName } from '#lib/features/spaces/use-cases/check-space-name.ts'
import { createSpace } from '#lib/features/spaces/use-cases/create-space.ts'
import { verdictOf } from '#lib/kernel/model/audit/trail-check.ts'
import { cancelVerification } from './cancel-verification.ts'
import { readChainForPage } from './read-chain-for-page.ts'
import { runTrailCheck } from './run-trail-check.ts'
import { scheduleVerification } from './schedule-verification.ts'
import { verifyTrail } from './verify-trail.ts'

let fixture: BrokerFixture
let auditor: TestContext
let admin: TestContext
const going = new AbortController()
beforeAll(async () => {
  fixture = await openBrokerFixture()
  auditor = fixture.as(await fixture.person('auditor', { platformRole: 'auditor' }))
  admin = fixture.as(await fixture.person('admin', { platformRole: 'admin' }))
  const member = fixture.as(await fixture.person('member'))
  for (const name of ['kube-system', 'default', 'kube-public'])
    await createSpace(member, { name, description: '', size: 'S', endsAt: null }).catch(() => {})
  await checkSpaceName(member, { name: 'kube-system' })
})
afterAll(() => fixture.close())

const everything = { fromAt: null, toAt: null }
const seal = () => sealTrail(fixture.system().pool, 10_000)
const run = () => runTrailCheck(fixture.system(), going.signal)

const rowsOf = async (sql: string) => (await fixture.owner.query(sql)).rows

/** As the database owner, whom no trigger stops. */
async function asOwner(sql: string, values: unknown[] = []) {
  await fixture.owner.query(`ALTER TABLE audit_event DISABLE TRIGGER audit_event_append_only`)
  await fixture.owner.query(sql, values)
  await fixture.owner.query(`ALTER TABLE audit_event ENABLE TRIGGER audit_event_append_only`)
}

async function verified() {
  await seal()
  await verifyTrail(auditor, everything)
  await run()
  const { checks } = await readChainForPage(auditor)
  return { verdict: verdictOf(checks), check: checks[0] }
}

test('an unchanged trail is intact, and the requester, time and result are stored and recorded in the trail', async () => {
  const { verdict, check } = await verified()
  expect(verdict.is).toBe('holds')
  expect(check).toMatchObject({ result: 'holds', askedBy: { handle: auditor.actor.handle }, findings: [] })
  expect(check?.done).toBe(check?.total)
  expect(check?.done).toBeGreaterThan(2)
  const events = await rowsOf(
    `SELECT action, actor_kind, detail->>'result' AS result FROM audit_event
     WHERE action LIKE 'trail.verif%' AND intent_id IS NULL ORDER BY seq`,
  )
  expect(events).toEqual([
    { action: 'trail.verify', actor_kind: 'user', result: null },
    { action: 'trail.verified', actor_kind: 'system', result: 'holds' },
  ])
})

test('one verification runs at a time, anyone who may request one can cancel it, and a cancelled one has no result', async () => {
  const { id } = await verifyTrail(auditor, everything)
  await expect(verifyTrail(admin, everything)).rejects.toMatchObject({ code: 'trail_check_running' })
  await cancelVerification(admin, { id })
  await run()
  const { checks } = await readChainForPage(auditor)
  expect(checks[0]).toMatchObject({ id, result: 'cancelled' })
  await expect(cancelVerification(admin, { id })).resolves.toBeUndefined()
})

test('a range covers what was sealed in it', async () => {
  await seal()
  await verifyTrail(auditor, { fromAt: new Date('2001-01-01'), toAt: new Date('2001-01-02') })
  await run()
  await verifyTrail(auditor, { fromAt: new Date(Date.now() - 86_400_000), toAt: null })
  await run()
  const { checks } = await readChainForPage(auditor)
  expect(checks.slice(0, 2).map(({ result, total }) => [result, total > 0])).toEqual([
    ['holds', true],
    ['holds', false],
  ])
  await expect(
    verifyTrail(auditor, { fromAt: new Date('2001-01-02'), toAt: new Date('2001-01-01') }),
  ).rejects.toMatchObject({ code: 'bad_input' })
})

test('the schedule starts one verification a night, and another worker replaces a lost one', async () => {
  // An attacker with web's login can't use either of these to suppress it.
  await expect(
    fixture.services.pool.query(`INSERT INTO trail_check (id, to_at) VALUES (gen_random_uuid(), '1970-01-01')`),
  ).rejects.toThrow('trail_check_nightly')
  await fixture.owner.query(
    `INSERT INTO trail_check (id, asked_at, cancelled_at, ended_at, result)
     VALUES (gen_random_uuid(), now() - interval '61 minutes', now(), now(), 'cancelled')`,
  )
  await scheduleVerification(fixture.system())
  await scheduleVerification(fixture.system())
  const waiting = await rowsOf(`SELECT id FROM trail_check WHERE ended_at IS NULL`)
  expect(waiting).toHaveLength(1)
  await fixture.owner.query(`UPDATE trail_check SET seen_at = now() - interval '10 minutes' WHERE ended_at IS NULL`)
  await run()
  await scheduleVerification(fixture.system())
  const { checks } = await readChainForPage(auditor)
  expect(checks[0]).toMatchObject({ id: waiting[0]?.id, askedBy: null, result: 'holds' })
})

test('a row that the owner edits is reported, and admins and auditors are notified regardless of their settings', async () => {
  await seal()
  const [row] = await rowsOf(
    `SELECT id FROM audit_event WHERE action = 'space.create' AND intent_id IS NULL ORDER BY seq LIMIT 1`,
  )
  await asOwner(`UPDATE audit_event SET target_name = 'forged' WHERE id = $1`, [row?.id])
  const { verdict, check } = await verified()
  expect(verdict.is).toBe('broken')
  expect(check).toMatchObject({ result: 'broken', findingCount: 1, findings: [{ kind: 'edited', event: row?.id }] })
  const told = await rowsOf(
    `SELECT u.handle FROM inbox_event i JOIN user_account u ON u.id = i.user_id WHERE i.kind = 'trail-broken' ORDER BY u.handle`,
  )
  expect(told.map(({ handle }) => handle)).toEqual([admin.actor.handle, auditor.actor.handle].sort())
})

test('for any number of findings, the worst comes first and all are listed', async () => {
  const rows = await rowsOf(
    `SELECT seq::text AS seq FROM audit_event WHERE action = 'space.create' AND intent_id IS NULL ORDER BY seq LIMIT 30`,
  )
  for (let missing = rows.length; missing < 13; missing++)
    await fixture.owner.query(
      `INSERT INTO audit_event (id, action, at, actor_kind, target_kind, observer, destination, outcome)
       VALUES (gen_random_uuid(), 'space.create', now(), 'system', 'portal', 'worker/test', 'portal', 'ok')`,
    )
  await seal()
  await asOwner(
    `DELETE FROM audit_event WHERE seq IN (SELECT seq FROM audit_event WHERE action = 'space.create' AND intent_id IS NULL ORDER BY seq DESC LIMIT 12)`,
    [],
  )
  const { check } = await verified()
  expect(check?.findingCount).toBe(13)
  expect(check?.findings.map(({ kind, more }) => [kind, more])).toEqual([
    ['edited', undefined],
    ...Array(5).fill(['dropped', undefined]),
    ['dropped', 7],
  ])
  expect(check?.findings.at(-1)?.says).toMatch(/^Dropped: all 12 of them: seq \d+/)
})

test('a verification that can’t read the trail notifies admins and auditors once a day', async () => {
  const unread = () => rowsOf(`SELECT user_id FROM inbox_event WHERE kind = 'trail-unread'`)
  await fixture.owner.query('REVOKE SELECT ON audit_checkpoint FROM spaceport_worker')
  try {
    for (let again = 0; again < 2; again++) {
      await verifyTrail(auditor, everything)
      await expect(run()).rejects.toThrow(/permission denied/)
    }
    const { checks } = await readChainForPage(auditor)
    expect(checks.slice(0, 2).map(({ result }) => result)).toEqual(['gave-up', 'gave-up'])
    const told = (await unread()).map(({ user_id: id }) => id)
    expect(told.sort()).toEqual([admin.actor.userId, auditor.actor.userId].sort())
    await verifyTrail(auditor, everything)
    const tomorrow = fixture.system({ clock: () => new Date(Date.now() + 86_400_000) })
    await expect(runTrailCheck(tomorrow, going.signal)).rejects.toThrow(/permission denied/)
    expect(await unread()).toHaveLength(4)
  } finally {
    await fixture.owner.query('GRANT SELECT ON audit_checkpoint TO spaceport_worker')
  }
})

test('neither the portal’s login nor, afterwards, the worker’s can fake an intact result', async () => {
  await verifyTrail(auditor, everything)
  for (const sql of [
    `UPDATE trail_check SET result = 'holds', ended_at = now() WHERE ended_at IS NULL`,
    `UPDATE trail_check SET findings = '[]', finding_count = 0`,
    `UPDATE trail_check SET done = total`,
    `INSERT INTO trail_check (id, ended_at, result) VALUES (gen_random_uuid(), now(), 'holds')`,
    `DELETE FROM trail_check`,
  ])
    await expect(fixture.services.pool.query(sql), sql).rejects.toThrow(/permission denied/)
  await run()
  await expect(
    fixture.system().pool.query(`UPDATE trail_check SET result = 'holds' WHERE result = 'broken'`),
  ).rejects.toThrow(/stays as it is/)
})
