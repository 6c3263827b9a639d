import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ownDatabase } from '#dev/testing/database/own-database.ts'
import { ownerSql } from '#dev/testing/database/owner-sql.ts'
import { type BrokerFixture, openBrokerFixture, type TestContext } from '#dev/testing/fixtures/broker-fixture.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { classifyBatch } from '#lib/features/cluster-audit/receiver/classify-batch.ts'
import { readClusterEvent } from '#lib/features/cluster-audit/receiver/cluster-event.ts'
import { eventOf } from '#lib/features/cluster-audit/receiver/event-fixture.ts'
import { createTakeBatches } from '#lib/features/cluster-audit/receiver/take-batches.ts'
import { eventPath, eventSentence } from '#lib/features/inbox/model/event-sentences.ts'
import { parseEvent } from '#lib/kernel/model/inbox/event.ts'
import { gatewayUserName, personUserName } from '#lib/kernel/model/spaces/cluster-names.ts'
import { notifyUnmatched } from './notify-unmatched.ts'

let fixture: BrokerFixture
let auditor: TestContext
let admin: TestContext
beforeAll(async () => {
  fixture = await openBrokerFixture()
  auditor = fixture.as(await fixture.person('auditor', { platformRole: 'auditor' }))
  admin = fixture.as(await fixture.person('admin', { platformRole: 'admin' }))
  await fixture.person('member')
})
afterAll(() => fixture.close())

async function cluster() {
  const one = { id: randomUUID(), name: uniqueName('c').slice(0, 32) }
  await fixture.owner.query('INSERT INTO cluster (id, name) VALUES ($1, $2)', [one.id, one.name])
  return one
}

/** A stolen token of the gateway used past it, as the cluster’s audit reports it. */
async function misuse(of: { id: string; name: string }, times: number) {
  const take = createTakeBatches({ pool: fixture.system().pool, clock: () => new Date() })
  const events = Array.from({ length: times }, () =>
    readClusterEvent(
      eventOf({
        user: { username: gatewayUserName },
        impersonatedUser: { username: personUserName('alice-1a2b3c') },
      }),
    ),
  )
  expect(await take(of, [classifyBatch(events, new Set())])).toMatchObject({ unmatched: times })
}

const alarmsOf = async (of: { name: string }) => {
  const { rows } = await fixture.owner.query(
    `SELECT u.handle, i.kind, i.data, EXISTS (SELECT FROM mail_delivery m WHERE m.event_id = i.id) AS mailed
     FROM inbox_event i JOIN user_account u ON u.id = i.user_id
     WHERE i.kind = 'identity-misused' AND i.data ->> 'cluster' = $1 ORDER BY i.created_at, u.handle`,
    [of.name],
  )
  return rows
}
const at = (minutes: number) => fixture.system({ clock: () => new Date(Date.now() + minutes * 60_000) })

test('the use of a stolen token notifies admins and auditors, whatever their settings, with the first request', async () => {
  await fixture.owner.query(`UPDATE user_account SET mail_choices = '{"waiting": false}'`)
  const lab = await cluster()
  await misuse(lab, 3)
  await notifyUnmatched(fixture.system())
  const alarms = await alarmsOf(lab)
  expect(alarms.map(({ handle }) => handle)).toEqual([admin.actor.handle, auditor.actor.handle].sort())
  expect(alarms.map(({ mailed }) => mailed)).toEqual([true, true])
  const event = parseEvent(alarms[0].kind, alarms[0].data)
  if (!event) throw new Error('the event can’t be read')
  expect(eventSentence(event)).toContain(
    `on the cluster ${lab.name} for 3 requests that Spaceport didn’t make, the first at 26 Nov 2026, 10:00 UTC from 192.0.2.7.`,
  )
  const { rows } = await fixture.owner.query(
    `SELECT id FROM audit_event WHERE action = 'cluster.unmatched' AND observer = $1 ORDER BY seq LIMIT 1`,
    [`cluster/${lab.name}`],
  )
  expect(eventPath(event, 'default')).toBe(`/audit/events/${rows[0].id}`)
})

test('a cluster has one alarm an hour that counts all requests since, also after a restart and with two workers', async () => {
  const [lab, prod] = [await cluster(), await cluster()]
  await misuse(lab, 1)
  await Promise.all([notifyUnmatched(at(0)), notifyUnmatched(at(0))])
  await misuse(lab, 4)
  await misuse(prod, 2)
  await notifyUnmatched(at(30))
  const counts = async (of: { name: string }) => (await alarmsOf(of)).map(({ data }) => data.count)
  expect(await counts(lab)).toEqual([1, 1])
  expect(await counts(prod)).toEqual([2, 2])
  await Promise.all([notifyUnmatched(at(61)), notifyUnmatched(at(61))])
  expect(await counts(lab)).toEqual([1, 1, 4, 4])
  await notifyUnmatched(at(300))
  expect(await counts(lab)).toEqual([1, 1, 4, 4])
  expect(await counts(prod)).toEqual([2, 2])
})

test.each(['web', 'worker', 'gateway'] as const)(
  'the login of %s can’t write a cluster report, and a row without a route raises no alarm',
  async (process) => {
    const lab = await cluster()
    await fixture.owner.query('INSERT INTO cluster_audit_intake (cluster_id, received_at) VALUES ($1, now())', [lab.id])
    const row = [
      `INSERT INTO audit_event (id, action, at, actor_kind, target_kind, observer, destination, outcome, detail)
       VALUES (gen_random_uuid(), 'cluster.unmatched', now(), 'cluster', 'pods', $1, $1, 'ok', '{}')`,
      [`cluster/${lab.name}`],
    ] as const
    await expect(ownerSql((await ownDatabase()).databaseUrls[process], ...row)).rejects.toThrow(/permission denied/)
    await fixture.owner.query(row[0], [...row[1]])
    await notifyUnmatched(fixture.system())
    expect(await alarmsOf(lab)).toEqual([])
  },
)

test('the query uses an index of nothing else', async () => {
  const { rows } = await fixture.owner.query(
    `EXPLAIN SELECT e.id FROM audit_event e WHERE e.intent_id IS NULL AND e.action = 'cluster.unmatched'
       AND e.route IS NOT NULL AND e.destination = 'cluster/lab' AND e.seq > 0 ORDER BY e.seq LIMIT 1`,
  )
  const plan = rows.map((row) => row['QUERY PLAN']).join('\n')
  expect(plan).not.toContain('Seq Scan')
})
