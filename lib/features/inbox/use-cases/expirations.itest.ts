import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type BrokerFixture, openBrokerFixture } from '#dev/testing/fixtures/broker-fixture.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { dayMs, hourMs } from '#lib/kernel/model/duration.ts'
import type { Actor } from '#lib/kernel/model/people/person.ts'
import { listInbox } from './list-inbox.ts'
import { notifyExpirations } from './notify-expirations.ts'
import { notifyExpiringRoles } from './notify-expiring-roles.ts'

let fixture: BrokerFixture
beforeAll(async () => {
  fixture = await openBrokerFixture()
})
afterAll(() => fixture.close())

/** Each test has its own month, so that expirations don't mix. */
let month = 0
let start: number
beforeEach(async () => {
  start = Date.UTC(2030, month++, 1, 12)
  const day = new Date(start).toISOString().slice(0, 10)
  await fixture.owner.query('UPDATE ending_digest SET day = $1, day_before = $1, done = true, last_user_id = NULL', [
    day,
  ])
})
const after = (days: number, hours = 0) => new Date(start + days * dayMs + hours * hourMs)
const systemAt = (at: Date) => fixture.system({ clock: () => at })

/** Runs workers every hour for some days from now. */
async function passDays(days: number, { from = 0, workers = 1 } = {}) {
  for (let hours = from * 24; hours <= days * 24; hours++)
    await Promise.all(Array.from({ length: workers }, () => notifyExpirations(systemAt(after(0, hours)))))
}

async function space(owner: Actor, endsAt: Date | null, createdAt = after(-30)) {
  const row = { id: randomUUID(), name: uniqueName('ends') }
  await fixture.owner.query(
    `INSERT INTO space (id, cluster_id, name, namespace, creation, size, owner_id, status, ends_at, created_at)
     SELECT $1, c.id, $2, $2, $2, 'S', $3, 'ready', $4, $5 FROM cluster c WHERE c.name = 'default'`,
    [row.id, row.name, owner.userId, endsAt, createdAt],
  )
  return row
}

async function grant(spaceId: string, to: Actor | string, startsAt: Date, endsAt: Date, withheldFrom: string[] = []) {
  const id = randomUUID()
  await fixture.owner.query(
    `INSERT INTO space_grant (id, space_id, user_id, "group", group_issuer, role, starts_at, ends_at, withheld_from)
     VALUES ($1, $2, $3, $4, $5, 'editor', $6, $7, $8)`,
    typeof to === 'string'
      ? [id, spaceId, null, to, 'https://issuer.test', startsAt, endsAt, withheldFrom]
      : [id, spaceId, to.userId, null, null, startsAt, endsAt, withheldFrom],
  )
  return id
}

async function credential(owner: Actor, spaceId: string | null, createdAt: Date, endsAt: Date) {
  const id = randomUUID()
  await fixture.owner.query(
    `INSERT INTO credential (id, user_id, space_id, token_hash, created_at, ends_at) VALUES ($1, $2, $3, $4, $5, $6)`,
    [id, owner.userId, spaceId, Buffer.from(id), createdAt, endsAt],
  )
  return id
}

/** A person's digest events, oldest first, with their days. */
async function digestEvents(person: Actor) {
  const { rows } = await listInbox(fixture.as(person), {})
  return rows.reverse().map(({ at, event }) => ({ on: (at.getTime() - start) / dayMs, event }))
}
const days = async (person: Actor) => (await digestEvents(person)).map(({ on }) => Math.ceil(on))

test('expirations are announced seven, three and one days before, once each with any number of workers', async () => {
  const [owner, member] = await Promise.all([fixture.person('owner'), fixture.person('member')])
  const ends = after(9)
  const { id, name } = await space(owner, ends)
  await grant(id, member, after(-30), ends)
  await credential(member, id, after(-20), ends)
  await credential(member, null, after(-20), ends)
  await passDays(10, { workers: 3 })
  expect(await days(owner)).toEqual([2, 6, 8])
  expect(await days(member)).toEqual([2, 6, 8])
  const place = { name, cluster: 'default' }
  const endsAt = ends.toISOString()
  expect((await digestEvents(owner))[0]?.event).toEqual({
    kind: 'endings',
    ends: [{ kind: 'space', space: place, endsAt }],
    more: 0,
  })
  const [first] = await digestEvents(member)
  expect(first?.event).toMatchObject({ more: 0 })
  expect(first?.event.kind === 'endings' && first.event.ends).toEqual(
    expect.arrayContaining([
      { kind: 'role', role: 'editor', space: place, endsAt },
      { kind: 'credential', space: place, endsAt },
      { kind: 'credential', space: null, endsAt },
    ]),
  )
})

test('an expiration is not announced at a step longer than its lifetime', async () => {
  const [week, days5, days2, day] = await Promise.all(['w', 'f', 't', 'd'].map((name) => fixture.person(name)))
  if (!week || !days5 || !days2 || !day) throw new Error('people are missing')
  await credential(week, null, after(1), after(8))
  await credential(days5, null, after(1), after(6))
  await credential(days2, null, after(1), after(3))
  await credential(day, null, after(1), after(2))
  await passDays(9)
  expect(await days(week)).toEqual([5, 7])
  expect(await days(days5)).toEqual([3, 5])
  expect(await days(days2)).toEqual([2])
  expect(await days(day)).toEqual([])
})

test.each([0, 3, 6, 9, 12, 15, 18, 21])(
  'a lifetime of slightly over a day is announced before its end, for any starting hour (%d)',
  async (hour) => {
    const person = await fixture.person('short')
    await credential(person, null, after(1, hour), after(2, hour + 0.5))
    await passDays(4)
    const events = await digestEvents(person)
    expect(events).toHaveLength(1)
    expect(events[0]?.on).toBeLessThan(2 + (hour + 0.5) / 24)
    expect(events[0]?.on).toBeGreaterThan(1 + hour / 24 - 1 / 24)
  },
)

test('a later end is announced again, a removed end is not', async () => {
  const [mover, keeper] = await Promise.all([fixture.person('mover'), fixture.person('keeper')])
  const [moved, kept] = await Promise.all([space(mover, after(8)), space(keeper, after(8))])
  await passDays(5.5)
  expect(await days(mover)).toEqual([1, 5])
  await fixture.owner.query('UPDATE space SET ends_at = $2 WHERE id = $1', [moved.id, after(14)])
  await fixture.owner.query('UPDATE space SET ends_at = NULL WHERE id = $1', [kept.id])
  await passDays(16, { from: 5.5 })
  expect(await days(mover)).toEqual([1, 5, 7, 11, 13])
  expect(await days(keeper)).toEqual([1, 5])
})

test('a notice missed while no worker ran is sent once, late, unless the end has passed', async () => {
  const [late, gone] = await Promise.all([fixture.person('late'), fixture.person('gone')])
  await space(late, after(9, 1))
  await space(gone, after(4))
  await notifyExpirations(systemAt(after(7)))
  await passDays(9, { from: 7 })
  expect(await days(late), 'three days before, missed by one, and one day before').toEqual([7, 8])
  expect(await days(gone)).toEqual([])
})

test('people get notices only about their own access that they can see', async () => {
  const group = uniqueName('team')
  const people = ['owner', 'ex', 'withheld', 'mate', 'stranger', 'shut', 'revoked', 'auditor'] as const
  const [owner, ex, withheld, mate, stranger, shut, revoked, auditor] = await Promise.all(
    people.map((name) =>
      fixture.person(name, {
        groups: name === 'mate' ? [group] : [],
        platformRole: name === 'auditor' ? 'auditor' : 'member',
      }),
    ),
  )
  if (!owner || !ex || !withheld || !mate || !stranger || !shut || !revoked || !auditor) throw new Error('missing')
  const ends = after(2)
  const living = await space(owner, null)
  const removed = await grant(living.id, ex, after(-30), ends)
  await fixture.owner.query('UPDATE space_grant SET removed_at = now() WHERE id = $1', [removed])
  await grant(living.id, withheld, after(-30), ends, [withheld.userId])
  await grant(living.id, group, after(-30), ends)
  await grant(living.id, owner, after(-30), ends)
  await grant(living.id, shut, after(-30), ends)
  await fixture.owner.query('UPDATE user_account SET deactivated_at = now() WHERE id = $1', [shut.userId])
  const old = await credential(revoked, null, after(-20), ends)
  await fixture.owner.query('UPDATE credential SET revoked_at = now() WHERE id = $1', [old])
  const dying = await space(owner, ends)
  await grant(dying.id, revoked, after(-30), ends)
  await fixture.owner.query(`UPDATE space SET status = 'deleting' WHERE id = $1`, [dying.id])
  await passDays(3)
  for (const person of [owner, ex, withheld, mate, stranger, shut, revoked, auditor])
    expect(await digestEvents(person), person.handle).toEqual([])
  const { rows } = await fixture.owner.query('SELECT 1 FROM inbox_event WHERE user_id = $1', [shut.userId])
  expect(rows).toEqual([])
})

test('one event a day lists the first ten expirations and counts the rest', async () => {
  const person = await fixture.person('many')
  for (let n = 0; n < 13; n++) await credential(person, null, after(-20), after(2, -n / 100))
  await passDays(2)
  const [only, ...more] = await digestEvents(person)
  expect(more).toEqual([])
  if (only?.event.kind !== 'endings') throw new Error('no digest')
  expect(only.event.more).toBe(3)
  const order = only.event.ends.map(({ endsAt }) => endsAt)
  expect(order).toHaveLength(10)
  expect(order).toEqual([...order].sort())
  expect(order[0]).toBe(after(2, -0.12).toISOString())
})

test('everyone is notified in batches, and the next worker continues after one dies', async () => {
  await fixture.owner.query(
    `INSERT INTO user_account (id, issuer, subject, handle, name, email)
     SELECT gen_random_uuid(), 'https://many.test', 'm' || n, 'm' || n, 'm' || n, '' FROM generate_series(1, 1200) n`,
  )
  await fixture.owner.query(
    `INSERT INTO credential (id, user_id, token_hash, created_at, ends_at)
     SELECT gen_random_uuid(), id, decode(replace(id::text, '-', ''), 'hex'), $1, $2 FROM user_account WHERE issuer = 'https://many.test'`,
    [after(-20), after(2)],
  )
  const count = async () =>
    (
      await fixture.owner.query(
        `SELECT count(*)::int AS events, count(DISTINCT user_id)::int AS people FROM inbox_event JOIN user_account u ON u.id = user_id
         WHERE u.issuer = 'https://many.test'`,
      )
    ).rows[0]
  let looks = 0
  const dying = fixture.system({
    clock() {
      if (++looks > 1) throw new Error('died')
      return after(1)
    },
  })
  await expect(notifyExpirations(dying)).rejects.toThrow('died')
  expect(await count()).toEqual({ events: 500, people: 500 })
  expect(await notifyExpirations(systemAt(after(1)))).toBe(700)
  expect(await notifyExpirations(systemAt(after(1)))).toBe(0)
  expect(await count()).toEqual({ events: 1200, people: 1200 })
})

test('a role of a day or less is announced fifteen minutes before its end, or at half its duration if that is later', async () => {
  const [owner, hours, minutes, days2] = await Promise.all(
    ['owner', 'hours', 'minutes', 'days'].map((name) => fixture.person(name)),
  )
  if (!owner || !hours || !minutes || !days2) throw new Error('people are missing')
  const { id, name } = await space(owner, null)
  const at = (minute: number) => new Date(start + minute * 60_000)
  const longer = await grant(id, hours, at(-240), at(60))
  await grant(id, minutes, at(50), at(60))
  await grant(id, days2, after(-1, -1), at(60))
  const heard = async (person: Actor) => (await digestEvents(person)).map(({ on }) => Math.round(on * 24 * 60))
  for (let minute = 0; minute <= 70; minute++)
    await Promise.all([notifyExpiringRoles(systemAt(at(minute))), notifyExpiringRoles(systemAt(at(minute)))])
  expect(await heard(hours)).toEqual([45])
  expect(await heard(minutes)).toEqual([55])
  expect(await heard(days2)).toEqual([])
  expect((await digestEvents(hours))[0]?.event).toEqual({
    kind: 'role-ending',
    role: 'editor',
    space: { name, cluster: 'default' },
    endsAt: at(60).toISOString(),
  })
  await fixture.owner.query('UPDATE space_grant SET ends_at = $2 WHERE id = $1', [longer, at(120)])
  for (let minute = 70; minute <= 120; minute++) await notifyExpiringRoles(systemAt(at(minute)))
  expect(await heard(hours), 'a later end is announced again').toEqual([45, 105])
})

test('only a direct role’s effective holder is notified of its end, not the owner, group members or people it is withheld from', async () => {
  const group = uniqueName('team')
  const owner = await fixture.person('owner')
  const shut = await fixture.person('shut')
  const mate = await fixture.person('mate', { groups: [group] })
  const { id } = await space(owner, null)
  const soon = new Date(start + 5 * 60_000)
  await grant(id, owner, after(0, -2), soon)
  await grant(id, group, after(0, -2), soon)
  await grant(id, shut, after(0, -2), soon)
  await fixture.owner.query('UPDATE user_account SET deactivated_at = now() WHERE id = $1', [shut.userId])
  expect(await notifyExpiringRoles(systemAt(new Date(start)))).toBe(0)
  for (const person of [owner, shut, mate]) expect(await digestEvents(person)).toEqual([])
})
