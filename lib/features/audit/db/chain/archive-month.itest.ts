/**
 * The functions with which the archiver's login removes months from the trail, used as an attacker with that login
 * would.
 */
import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { memberLogin } from '#dev/testing/database/member-login.ts'
import { ownDatabase, type TestDatabase } from '#dev/testing/database/own-database.ts'
import { fillPastMonth, makePastMonths } from '#dev/testing/database/past-months.ts'
import { createPool, type Pool } from '#lib/kernel/db/pool.ts'
import { archiveMonth, dropArchivedMonths, type MonthContent } from './archive-month.ts'

let database: TestDatabase
let owner: pg.Pool
let archiver: Pool
let login: Awaited<ReturnType<typeof memberLogin>>

/** The months before this one, oldest first. */
const monthsAgo = (count: number): number => {
  const now = new Date()
  const then = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - count, 1))
  return then.getUTCFullYear() * 100 + then.getUTCMonth() + 1
}
const [oldest, old, recent, newest] = [6, 5, 2, 1].map(monthsAgo) as [number, number, number, number]
const months = [6, 5, 4, 3, 2, 1].map(monthsAgo)

beforeAll(async () => {
  database = await ownDatabase()
  owner = new pg.Pool({ connectionString: database.ownerDatabaseUrl, max: 4 })
  login = await memberLogin(database.ownerDatabaseUrl, 'spaceport_archiver')
  archiver = createPool(login.url, { process: 'archiver', max: 2, applicationName: 'test' })
  await makePastMonths(owner, months)
  for (const month of months) await fillPastMonth(owner, month, 1_500)
  await owner.query(`INSERT INTO audit_event (id, action, at, actor_kind, target_kind, observer, destination, outcome)
    VALUES (gen_random_uuid(), 'space.create', now(), 'system', 'portal', 'worker/test', 'portal', 'ok')`)
  await owner.query('SELECT seal_trail(1000)')
})
afterAll(async () => {
  await Promise.all([archiver?.end(), owner?.end()])
  await login?.remove()
})

async function contentOf(month: number): Promise<MonthContent> {
  const { rows } = await owner.query(
    `SELECT coalesce(sum(rows), 0)::float8 AS rows, min(number) AS "firstBlock", max(number) AS "lastBlock",
       (SELECT hash FROM audit_block WHERE month = $1 ORDER BY number DESC LIMIT 1) AS head FROM audit_block WHERE month = $1`,
    [month],
  )
  return rows[0]
}
const file = () => ({ sha256: randomBytes(32), host: 'test-host', undelivered: false })
const archive = async (month: number, changed: Partial<MonthContent> = {}) =>
  archiveMonth(archiver, month, { ...(await contentOf(month)), ...changed }, file())
const attached = async (): Promise<number> =>
  (await owner.query(`SELECT FROM pg_inherits WHERE inhparent = 'audit_event'::regclass`)).rowCount ?? 0

test('no login can remove months within the retention, and the database reports the retention', async () => {
  const before = await attached()
  await archive(0)
  for (const month of [monthsAgo(0), newest, recent, monthsAgo(3), monthsAgo(-1)])
    await expect(archive(month), String(month)).rejects.toThrow(/the last 3 stay in the database/)
  await expect(archiver.query('UPDATE audit_retention SET months = 1')).rejects.toThrow(/permission denied/)
  await expect(owner.query('UPDATE audit_retention SET months = 0')).rejects.toThrow(/audit_retention_bounds/)
  expect(await attached()).toBe(before - 1)
})

test('months are archived in order, and only with exactly the database’s content', async () => {
  await expect(archive(old)).rejects.toThrow(`a month before it is still in the trail: ${oldest}`)
  await expect(archive(monthsAgo(7))).rejects.toThrow(/no such month/)
  await expect(archive(oldest, { head: randomBytes(32) })).rejects.toThrow(/not what the database has/)
  await expect(archive(oldest, { rows: 1_499 })).rejects.toThrow(/not what the database has/)
  await expect(archive(oldest, { firstBlock: 2n })).rejects.toThrow(/not what the database has/)
  await expect(archive(oldest, { lastBlock: null })).rejects.toThrow(/not what the database has/)
  await owner.query('SELECT seal_trail(1000)')
  await owner.query(`INSERT INTO audit_event (seq, id, action, at, actor_kind, target_kind, observer, destination, outcome)
    VALUES (${oldest}999999999999, gen_random_uuid(), 'space.create', now(), 'system', 'portal', 'worker/test', 'portal', 'ok')`)
  await expect(archive(oldest)).rejects.toThrow(/has 1501 rows, and its blocks have 1500/)
  await owner.query('SELECT seal_trail(1000)')
  await expect(archive(oldest)).rejects.toThrow(/newest block of the chain/)
  await fillPastMonth(owner, newest, 1)
})

test('archiving is recorded in the trail and in a permanent table with the chain’s links, and the month is detached', async () => {
  const content = await contentOf(oldest)
  const given = file()
  await archiveMonth(archiver, oldest, content, given)
  await archiveMonth(archiver, oldest, content, given)
  await expect(archiveMonth(archiver, oldest, content, file())).rejects.toThrow(/in another file/)
  const { rows } = await owner.query('SELECT * FROM audit_archive WHERE month = $1', [oldest])
  const { rows: links } = await owner.query(
    `SELECT r.hash, encode(n.previous, 'hex') AS previous FROM audit_archive x, jsonb_to_recordset(x.runs) AS r(last bigint, hash text)
       JOIN audit_block n ON n.number = r.last + 1 WHERE x.month = $1 ORDER BY r.last`,
    [oldest],
  )
  const login = new URL(archiver.options.connectionString ?? '').username
  expect(rows).toMatchObject([
    {
      rows: '1501',
      blocks: '3',
      first_block: content.firstBlock,
      last_block: content.lastBlock,
      head: content.head,
      login,
    },
  ])
  // A late row was sealed after other months had begun, so the chain continues from two of the month's blocks.
  expect(links).toHaveLength(2)
  for (const { hash, previous } of links) expect(previous).toBe(hash)
  const { rows: events } = await owner.query(
    `SELECT observer, outcome, detail FROM audit_event WHERE action = 'trail.archive' AND target_name = $1`,
    [`${Math.floor(oldest / 100)}-${String(oldest % 100).padStart(2, '0')}`],
  )
  expect(events).toMatchObject([
    {
      observer: 'command/test-host',
      outcome: 'ok',
      detail: { rows: 1501, sha256: given.sha256.toString('hex'), login },
    },
  ])
  expect((await owner.query('SELECT FROM audit_event WHERE seq / 1000000000000 = $1', [oldest])).rowCount).toBe(0)
})

test('a detached month is kept for a week, and a stolen login can’t shorten that', async () => {
  expect(await dropArchivedMonths(archiver)).toEqual([])
  for (const statement of [
    `DROP TABLE audit_event_${oldest}`,
    `TRUNCATE audit_event_${oldest}`,
    `DELETE FROM audit_event_${oldest}`,
    `UPDATE audit_retention SET days = 0`,
    `UPDATE audit_archive SET made_at = now() - interval '1 year'`,
    `INSERT INTO audit_archive (month, blocks, rows, runs, sha256, login) VALUES (${newest}, 0, 0, '[]', sha256(''), 'x')`,
    `ALTER TABLE audit_event DETACH PARTITION audit_event_${old}`,
    `SET ROLE spaceport_trail_owner`,
    `INSERT INTO audit_block SELECT * FROM audit_block LIMIT 1`,
  ]) {
    await expect(archiver.query(statement), statement).rejects.toThrow(/permission denied|must be owner/)
  }
  expect((await owner.query(`SELECT FROM audit_event_${oldest}`)).rowCount).toBe(1501)
  await expect(owner.query('UPDATE audit_archive SET sha256 = sha256($$x$$)')).rejects.toThrow(/append-only/)
  await owner.query('UPDATE audit_retention SET days = 0')
  expect(await dropArchivedMonths(archiver)).toEqual([0, oldest])
  expect(await dropArchivedMonths(archiver)).toEqual([])
  await owner.query('UPDATE audit_retention SET days = 7')
  expect(
    (await owner.query(`SELECT to_regclass('audit_event_${oldest}') AS t, to_regclass('audit_block_before') AS b`))
      .rows,
  ).toEqual([{ t: null, b: null }])
})

test('a month that a sink lacks is kept unless the operator overrides that; a disabled sink blocks nothing', async () => {
  const { lastBlock } = await contentOf(old)
  const sink = async (name: string, block: unknown, seen: string) =>
    owner.query(
      `INSERT INTO trail_delivery (sink, host, block, seen_at) VALUES ($1, 'siem.example.com', $2, now() - $3::interval)
       ON CONFLICT (sink) DO UPDATE SET block = excluded.block`,
      [name, block, seen],
    )
  await sink('webhook', 0, '31 days')
  await sink('syslog', Number(lastBlock) - 1, '1 day')
  await expect(archive(old)).rejects.toThrow('the month is not delivered yet: syslog')
  await expect(archiver.query('SELECT delivered FROM trail_delivery')).rejects.toThrow(/permission denied/)
  await expect(archiver.query('UPDATE trail_delivery SET block = 1000000')).rejects.toThrow(/permission denied/)
  await sink('syslog', lastBlock, '1 day')
  await expect(archive(old, { rows: 1 })).rejects.toThrow(/not what the database has/)
})

test.each(['web', 'worker', 'gateway'] as const)('the login of %s can’t archive or drop a month', async (process) => {
  const pool = createPool(database.databaseUrls[process], { process, max: 1, applicationName: 'test' })
  try {
    for (const statement of [
      `SELECT archive_trail_month(${old}, 1, 1, 1, 'x', 'x', 'x', false)`,
      'SELECT drop_archived_months()',
      'UPDATE audit_retention SET months = 1',
      'DELETE FROM audit_archive',
      `ALTER TABLE audit_event DETACH PARTITION audit_event_${old}`,
      `DROP TABLE audit_event_${old}`,
      'SET ROLE spaceport_archiver',
    ]) {
      await expect(pool.query(statement), statement).rejects.toThrow(/permission denied|must be owner/)
    }
  } finally {
    await pool.end()
  }
})

test('writers wait only a fraction of a second during archiving, also while a long read runs', async () => {
  const web = createPool(database.databaseUrls.web, { process: 'web', max: 8, applicationName: 'test' })
  const reader = await web.connect()
  await reader.query('BEGIN')
  await reader.query('SELECT count(*) FROM audit_event')
  let running = true
  const waits: number[] = []
  const writing = Array.from({ length: 4 }, async () => {
    while (running) {
      const began = performance.now()
      await web.query(`INSERT INTO audit_event (id, action, at, actor_kind, target_kind, observer, destination, outcome)
        VALUES (gen_random_uuid(), 'space.create', now(), 'system', 'portal', 'worker/test', 'portal', 'ok')`)
      waits.push(performance.now() - began)
    }
  })
  try {
    const archiving = archive(old)
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    // It waits for the reader, and lets writers pass.
    await expect.poll(() => waits.length, { timeout: 12_000 }).toBeGreaterThan(50)
    await reader.query('COMMIT')
    await archiving
  } finally {
    running = false
    await Promise.all(writing)
    reader.release()
    await web.end()
  }
  // On a machine that stalls, each writer has one slow insert; a lock that is held makes many slow.
  const usual = waits.toSorted((a, b) => a - b)[Math.floor(waits.length * 0.9)]
  console.log(`nine of ten waited at most ${Math.round(usual ?? 0)} ms in ${waits.length} inserts`)
  expect(usual).toBeLessThan(1_000)
  const { rows } = await owner.query('SELECT sum(rows)::int AS rows FROM audit_archive WHERE month = $1', [old])
  expect(rows).toEqual([{ rows: 1500 }])
})

test('a row that is committed between counting and detaching keeps the month in the trail', async () => {
  const third = monthsAgo(4)
  const writer = await owner.connect()
  try {
    await writer.query(`BEGIN; INSERT INTO audit_event (seq, id, action, at, actor_kind, target_kind, observer, destination, outcome)
      VALUES (${third}999999999999, gen_random_uuid(), 'space.create', now(), 'system', 'portal', 'worker/test', 'portal', 'ok')`)
    const archiving = archiveMonth(archiver, third, await contentOf(third), { ...file(), undelivered: true })
    archiving.catch(() => {})
    const isWaiting = async () =>
      (
        await owner.query(
          `SELECT FROM pg_locks l JOIN pg_database d ON d.oid = l.database WHERE NOT l.granted AND l.mode = 'AccessExclusiveLock' AND d.datname = current_database()`,
        )
      ).rowCount === 1
    await expect.poll(isWaiting, { interval: 20 }).toBe(true)
    await writer.query('COMMIT')
    await expect(archiving).rejects.toThrow(/rows were added to the month in the meantime/)
    expect((await owner.query('SELECT FROM audit_event WHERE seq / 1000000000000 = $1', [third])).rowCount).toBe(1_501)
  } finally {
    writer.release()
  }
})
