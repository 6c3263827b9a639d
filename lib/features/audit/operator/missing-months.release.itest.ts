/** Months dropped by the owner in every way, and the verifier's findings. */
import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ownDatabase } from '#dev/testing/database/own-database.ts'
import { ownerSql } from '#dev/testing/database/owner-sql.ts'
import { fillPastMonth, makePastMonths } from '#dev/testing/database/past-months.ts'
import { describeFinding } from '#lib/features/audit/chain/finding.ts'
import { verifyChain } from '#lib/features/audit/chain/verify-chain.ts'
import { selectMissingMonths } from '#lib/features/audit/db/chain/blocks.ts'
import { createReaderPool } from '#lib/kernel/db/pool.ts'
import { trailMonthName } from '#lib/kernel/model/audit/trail-month.ts'
import { wholeTrail } from './whole-trail.ts'

const monthsAgo = (count: number): number => {
  const now = new Date()
  const then = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - count, 1))
  return then.getUTCFullYear() * 100 + then.getUTCMonth() + 1
}
const [first, second, third] = [monthsAgo(3), monthsAgo(2), monthsAgo(1)]

let ownerUrl: string
const copies: string[] = []
const on = (url: string, database: string) => Object.assign(new URL(url), { pathname: `/${database}` }).href
const template = () => new URL(ownerUrl).pathname.slice(1)

beforeAll(async () => {
  ownerUrl = (await ownDatabase()).ownerDatabaseUrl
  const owner = new pg.Pool({ connectionString: ownerUrl, max: 1 })
  await makePastMonths(owner, [first, second, third])
  for (const month of [first, second, third]) await fillPastMonth(owner, month, 1_500)
  await owner.query(`INSERT INTO audit_event (id, action, at, actor_kind, target_kind, observer, destination, outcome)
    VALUES (gen_random_uuid(), 'space.create', now(), 'system', 'portal', 'worker/test', 'portal', 'ok')`)
  await owner.query('SELECT seal_trail(1000)')
  await owner.end()
})
afterAll(async () => {
  for (const name of copies) await ownerSql(on(ownerUrl, 'postgres'), `DROP DATABASE IF EXISTS ${name}`)
})

async function findingsAfter(statement: string): Promise<string[]> {
  const name = `${template()}_${randomBytes(3).toString('hex')}`
  copies.push(name)
  await ownerSql(on(ownerUrl, 'postgres'), `CREATE DATABASE ${name} TEMPLATE ${template()}`)
  await ownerSql(on(ownerUrl, name), statement)
  const pool = createReaderPool(on(ownerUrl, name), 'test')
  const findings: string[] = []
  try {
    const missingMonths = await selectMissingMonths(pool)
    for await (const event of verifyChain((await wholeTrail(pool, [])).parts, { missingMonths }))
      if (event.kind === 'finding') findings.push(describeFinding(event.finding))
  } finally {
    await pool.end()
  }
  return findings
}
const missing = (findings: readonly string[]) => findings.filter((one) => one.startsWith('month missing: '))

test('a trail with all of its months is intact', async () => {
  expect(await findingsAfter('SELECT')).toEqual([])
})

test.each([
  ['the first', first],
  ['one in the middle', second],
  ['the last before this one', third],
])('a dropped month is reported as missing: %s', async (_which, month) => {
  const findings = await findingsAfter(`DROP TABLE audit_event_${month}, audit_block_${month}`)
  expect(missing(findings)).toEqual([expect.stringContaining(`month missing: ${trailMonthName(month)} is missing: `)])
  expect(findings.filter((one) => /^(dropped|cut off): blocks \d+ to \d+ are missing/.test(one))).toHaveLength(1)
})

test('several dropped months are reported as missing', async () => {
  const findings = await findingsAfter(
    `DROP TABLE audit_event_${first}, audit_block_${first}, audit_event_${second}, audit_block_${second}`,
  )
  expect(missing(findings).map((one) => /\d{4}-\d\d/.exec(one)?.[0])).toEqual([first, second].map(trailMonthName))
})

test('a month without its rows, or without its blocks, is reported as missing', async () => {
  for (const table of ['audit_event', 'audit_block'])
    expect(missing(await findingsAfter(`DROP TABLE ${table}_${second}`)), table).toHaveLength(1)
  const emptied = await findingsAfter(
    `ALTER TABLE audit_event DISABLE TRIGGER USER; ALTER TABLE audit_event_${second} DISABLE TRIGGER USER; DELETE FROM audit_event_${second}`,
  )
  expect(missing(emptied)).toEqual([expect.stringContaining('all of the 1500 rows of blocks')])
})

/** The row of audit_archive that archiving would create. */
const forgedArchive = (month: number) => `
  INSERT INTO audit_archive (month, blocks, rows, first_block, last_block, head, runs, sha256, login)
  SELECT ${month}, count(*), sum(rows), min(number), max(number), (array_agg(hash ORDER BY number DESC))[1],
    jsonb_build_array(jsonb_build_object('first', min(number), 'last', max(number), 'rows', sum(rows), 'previous', encode((array_agg(previous ORDER BY number))[1], 'hex'),
      'hash', encode((array_agg(hash ORDER BY number DESC))[1], 'hex'))), sha256('x'), 'x' FROM audit_block WHERE month = ${month};`
const record = (month: number, rows = 'a.rows') => `
  INSERT INTO audit_event (id, action, at, actor_kind, actor_name, target_kind, target_name, observer, destination, outcome, detail)
  SELECT gen_random_uuid(), 'trail.archive', now(), 'system', 'command', 'trail', '${trailMonthName(month)}', 'command/x', 'portal', 'ok',
    jsonb_build_object('rows', ${rows}, 'blocks', a.blocks, 'firstBlock', a.first_block, 'lastBlock', a.last_block, 'head', encode(a.head, 'hex'), 'sha256', encode(a.sha256, 'hex'))
  FROM audit_archive a WHERE a.month = ${month}; SELECT seal_trail(1000);`
const dropped = (month: number) => `DROP TABLE audit_event_${month}, audit_block_${month};`

test('a month counts as archived only with a sealed record of it', async () => {
  expect(await findingsAfter(`${forgedArchive(first)} ${record(first)} ${dropped(first)}`)).toEqual([])
  for (const without of [
    '',
    record(second),
    record(first, '1'),
    record(first).replace('SELECT seal_trail(1000);', ''),
  ]) {
    const findings = missing(await findingsAfter(`${forgedArchive(first)} ${without} ${dropped(first)}`))
    const isWaiting = without !== '' && !without.includes('seal_trail')
    // A waiting row is in the database’s snapshot, and is sealed within a second.
    expect(findings, without).toHaveLength(isWaiting ? 0 : 1)
  }
})

test('the record of an older month may be in an archive itself', async () => {
  const both = `${forgedArchive(first)} ${forgedArchive(second)} ${record(second)} ${dropped(first)} ${dropped(second)}`
  expect(await findingsAfter(both)).toEqual([])
  const other = `${forgedArchive(first)} ${forgedArchive(second)} ${record(first)} ${dropped(first)} ${dropped(second)}`
  expect(missing(await findingsAfter(other))).toEqual([expect.stringContaining(trailMonthName(second))])
})
