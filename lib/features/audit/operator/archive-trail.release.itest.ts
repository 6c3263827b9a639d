import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { memberLogin } from '#dev/testing/database/member-login.ts'
import { ownDatabase, type TestDatabase } from '#dev/testing/database/own-database.ts'
import { fillPastMonth, makePastMonths } from '#dev/testing/database/past-months.ts'
import { type VerifySummary, verifyChain } from '#lib/features/audit/chain/verify-chain.ts'
import { selectTrailMonths } from '#lib/features/audit/db/chain/archive-month.ts'
import { readChainState } from '#lib/kernel/db/audit/read-chain-state.ts'
import { createPool, type Pool } from '#lib/kernel/db/pool.ts'
import { trailMonthName } from '#lib/kernel/model/audit/trail-month.ts'
import { archivePaths, writeLines } from './archive-file.ts'
import { archiveTrail } from './archive-trail.ts'
import { wholeTrail } from './whole-trail.ts'

let database: TestDatabase
let owner: pg.Pool
let archiver: Pool
let login: Awaited<ReturnType<typeof memberLogin>>
let late: string[]
const dir = mkdtempSync(join(tmpdir(), 'spaceport-archives-'))
const here = { dir, host: 'test-host', undelivered: false }

const monthsAgo = (count: number): number => {
  const now = new Date()
  const then = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - count, 1))
  return then.getUTCFullYear() * 100 + then.getUTCMonth() + 1
}
const months = [8, 7, 6, 5, 4, 3, 2, 1].map(monthsAgo)
const [first, second, third, fourth, fifth] = months as [number, number, number, number, number]

beforeAll(async () => {
  database = await ownDatabase()
  owner = new pg.Pool({ connectionString: database.ownerDatabaseUrl, max: 4 })
  login = await memberLogin(database.ownerDatabaseUrl, 'spaceport_archiver')
  archiver = createPool(login.url, { process: 'archiver', max: 2, applicationName: 'test', statementTimeout: 0 })
  await makePastMonths(owner, months)
  for (const month of months) await fillPastMonth(owner, month, 1_200)
  // A row of the first month that was committed after the second had begun.
  await fillPastMonth(owner, first, 1)
  late = (await owner.query('SELECT max(seq)::text AS seq FROM audit_event WHERE seq / 1000000000000 = $1', [first]))
    .rows[0].seq
  await fillPastMonth(owner, second, 10)
  const { rows } = await owner.query<{ seq: string }>(
    `SELECT seq FROM audit_event ORDER BY seq % 1000000000000 DESC LIMIT 11`,
  )
  late = rows.map(({ seq }) => seq)
  await owner.query(`INSERT INTO audit_event (id, action, at, actor_kind, target_kind, observer, destination, outcome)
    VALUES (gen_random_uuid(), 'space.create', now(), 'system', 'portal', 'worker/test', 'portal', 'ok')`)
  await owner.query('SELECT seal_trail(1000)')
})
afterAll(async () => {
  await Promise.all([archiver?.end(), owner?.end()])
  await login?.remove()
  rmSync(dir, { recursive: true, force: true })
})

/** @returns the verifier's findings in the whole chain, from the first archived block to the database */
async function verifyWhole(
  dirs: readonly string[],
): Promise<{ findings: string[]; summary: VerifySummary | undefined }> {
  await owner.query('SELECT seal_trail(10000)')
  const { parts, faults } = await wholeTrail(archiver, dirs)
  const findings: string[] = []
  let summary: VerifySummary | undefined
  for await (const event of verifyChain(parts)) {
    // The late rows were recorded months before they were sealed, longer than any transaction stays open.
    if (event.kind === 'finding' && event.finding.kind === 'forged time' && late.includes(event.finding.row?.seq ?? ''))
      continue
    if (event.kind === 'finding') findings.push(`${event.finding.kind}: ${event.finding.text}`)
    if (event.kind === 'done') summary = event.summary
  }
  return { findings: [...findings, ...faults(summary?.archives ?? new Map())], summary }
}
const isAttached = async (month: number) => (await selectTrailMonths(archiver)).some((one) => one.month === month)
const rowsInAll = 8 * 1_200 + 1 + 10 + 1

test('the chain is intact before anything is archived', async () => {
  const { findings, summary } = await verifyWhole([])
  expect(findings).toEqual([])
  expect(summary).toMatchObject({ rows: rowsInAll, archivedBlocks: 0 })
})

test('a month is archived and verified, and the chain continues from it, with and without its file', async () => {
  await archiveTrail(archiver, 0, here)
  const { file, rows, bytes, sha256 } = await archiveTrail(archiver, first, here)
  expect(rows).toBe(1_201)
  expect(await isAttached(first)).toBe(false)
  console.log(`${(bytes / rows).toFixed(0)} bytes a row in the file`)
  const manifest = JSON.parse(readFileSync(file.replace('.ndjson.gz', '.json'), 'utf8'))
  expect(manifest).toMatchObject({ kind: 'spaceport.dev/trail-archive', rows: 1_201, sha256, firstBlock: 1 })
  expect(await verifyWhole([dir])).toMatchObject({
    findings: [],
    summary: { rows: rowsInAll + 2, archivedBlocks: 0, first: 1 },
  })
  expect(await verifyWhole([])).toMatchObject({
    findings: [],
    summary: { rows: rowsInAll + 2 - 1_201, archivedBlocks: 3 },
  })
})

test('killed at any step, archiving loses nothing, and the next run completes it', async () => {
  for (const step of [1, 2, 3, 4, 6, 8, 9, 10]) {
    const pool = createPool(login.url, { process: 'archiver', max: 2, applicationName: 'test', statementTimeout: 0 })
    let steps = 0
    const die = <T extends object>(given: T): T =>
      new Proxy(given, {
        get(target, key) {
          const value: unknown = Reflect.get(target, key)
          if (typeof value !== 'function') return value
          return async (...args: unknown[]) => {
            if (key === 'query' && ++steps > step) throw new Error('killed')
            const result: unknown = await Reflect.apply(value, target, args)
            return key === 'connect' && typeof result === 'object' && result !== null ? die(result) : result
          }
        },
      })
    await expect(archiveTrail(die(pool), second, here), String(step)).rejects.toThrow('killed')
    await pool.end()
    expect(await isAttached(second)).toBe(true)
  }
  const done = await archiveTrail(archiver, second, here)
  expect(done.rows).toBe(1_210)
  expect(await isAttached(second)).toBe(false)
  // Killed after the database detached the month, before the result was returned.
  expect(await archiveTrail(archiver, second, here)).toEqual(done)
  expect((await verifyWhole([dir])).findings).toEqual([])
})

test('a file that was changed later is reported, with the changes in it', async () => {
  const path = join(
    dir,
    `spaceport-trail-${Math.floor(second / 100)}-${String(second % 100).padStart(2, '0')}.ndjson.gz`,
  )
  const whole = readFileSync(path)
  const lines = gunzipSync(whole).toString().split('\n')
  const at = lines.findIndex((line) => line.includes('"somebody-600"'))
  const forge = (changed: string[]) => writeFileSync(path, gzipSync(changed.join('\n')))
  try {
    forge(lines.with(at, lines[at]?.replace('somebody-600', 'somebody-else') ?? ''))
    await expect(archiveTrail(archiver, second, here)).rejects.toThrow(/doesn’t verify: edited: .*seq \d+/)
    const edited = await verifyWhole([dir])
    expect(edited.findings).toEqual([
      expect.stringMatching(/^edited: /),
      expect.stringContaining('is not the archived file'),
    ])
    forge(lines.toSpliced(at, 1))
    expect((await verifyWhole([dir])).findings[0]).toMatch(/^dropped: /)
    forge(lines.slice(0, at))
    expect((await verifyWhole([dir])).findings.length).toBeGreaterThan(1)
    for (const [broken, why] of [
      [whole.subarray(0, whole.length / 2), 'unexpected end of file'],
      [Buffer.concat([whole.subarray(0, 100), Buffer.alloc(50), whole.subarray(150)]), ''],
      [Buffer.from('not compressed'), 'incorrect header check'],
      [gzipSync('{"kind":"row"}\n'), 'a row has no'],
      [gzipSync('null\n'), 'a line is not an object'],
      [Buffer.alloc(0), 'unexpected end of file'],
    ] as const) {
      writeFileSync(path, broken)
      const { findings } = await verifyWhole([dir])
      expect(findings.join('\n'), why).toContain('dropped: ')
      expect(findings.at(-1)).toMatch(`${path} can’t be read to its end: ${why}`)
    }
  } finally {
    writeFileSync(path, whole)
  }
  expect((await verifyWhole([dir])).findings).toEqual([])
})

test('a month in which the owner changed a row is not archived, and the row is reported', async () => {
  const changed = await owner.query<{ seq: string; detail: unknown }>(
    `SELECT seq, detail FROM audit_event WHERE seq / 1000000000000 = $1 ORDER BY seq OFFSET 500 LIMIT 1`,
    [third],
  )
  const seq = changed.rows[0]?.seq
  const edit = (text: string) =>
    owner.query(`ALTER TABLE audit_event DISABLE TRIGGER audit_event_append_only;
      UPDATE audit_event SET ${text} WHERE seq = ${seq};
      ALTER TABLE audit_event ENABLE TRIGGER audit_event_append_only;`)
  await edit(`action = 'kubectl.get'`)
  await expect(archiveTrail(archiver, third, here)).rejects.toThrow(`seq ${seq}`)
  expect(await isAttached(third)).toBe(true)
  await edit(`action = 'kubectl.patch'`)
  await archiveTrail(archiver, third, here)
})

test('the verifier reports a partition that the owner drops without archiving', async () => {
  const { rows } = await owner.query(
    `SELECT min(number)::int AS first, max(number)::int AS last FROM audit_block WHERE month = $1`,
    [fourth],
  )
  await owner.query(`ALTER TABLE audit_event DETACH PARTITION audit_event_${fourth}`)
  const [rowsGone] = (await verifyWhole([dir])).findings
  expect(rowsGone).toMatch(/^dropped: the row was removed since it was sealed/)
  await owner.query(`ALTER TABLE audit_block DETACH PARTITION audit_block_${fourth}`)
  expect((await verifyWhole([dir])).findings).toEqual([
    `dropped: blocks ${rows[0].first} to ${rows[0].last} are missing, with the rows in them`,
    `month missing: ${trailMonthName(fourth)} is missing: the chain continues after it, without its blocks and rows`,
  ])
  await owner.query(`ALTER TABLE audit_event ATTACH PARTITION audit_event_${fourth} FOR VALUES FROM (${fourth}000000000000) TO (${fifth}000000000000);
    ALTER TABLE audit_block ATTACH PARTITION audit_block_${fourth} FOR VALUES FROM (${fourth}) TO (${fifth});`)
  expect((await verifyWhole([dir])).findings).toEqual([])
})

test('a month within the retention is not even written, and a file counts for nothing while its month is in the database', async () => {
  await expect(archiveTrail(archiver, monthsAgo(3), here)).rejects.toThrow(/the last 3 stay in the database/i)
  await expect(archiveTrail(archiver, fifth, here)).rejects.toThrow(/a month before it is still in the trail/)
  expect(readdirSync(dir).filter((name) => name.endsWith('.gz'))).toHaveLength(5)
  expect((await verifyWhole([dir])).findings).toEqual([])
  await archiveTrail(archiver, fourth, here)
  await owner.query(
    `INSERT INTO trail_delivery (sink, host, block, seen_at) VALUES ('syslog', 'siem.example.com', 3, now())`,
  )
  await expect(archiveTrail(archiver, fifth, here)).rejects.toThrow(
    /is not delivered yet: syslog at siem\.example\.com has come to block 3\. Wait for it, or use --undelivered/,
  )
  expect(readdirSync(dir).filter((name) => name.endsWith('.gz'))).toHaveLength(6)
  const { lacking } = await archiveTrail(archiver, fifth, { ...here, undelivered: true })
  expect(lacking).toEqual([{ sink: 'syslog', host: 'siem.example.com', block: 3 }])
  const { rows: recorded } = await owner.query(
    `SELECT detail -> 'undelivered' AS lacking FROM audit_event WHERE action = 'trail.archive' ORDER BY seq DESC LIMIT 1`,
  )
  expect(recorded).toEqual([{ lacking: ['syslog'] }])
  expect(await verifyWhole([dir])).toMatchObject({ findings: [], summary: { first: 1, archivedBlocks: 0 } })
  const web = createPool(database.databaseUrls.web, { process: 'web', max: 2, applicationName: 'test' })
  const { archived } = await readChainState(web)
  await web.end()
  expect(archived).toEqual({ months: 6, until: fifth, rows: String(5 * 1_200 + 1 + 10) })
})

test('archives of another installation are reported, and not accepted as part of the trail', async () => {
  const elsewhere = mkdtempSync(join(tmpdir(), 'spaceport-archives-'))
  try {
    const [name] = readdirSync(dir).filter((each) => each.endsWith('.gz'))
    const lines = gunzipSync(readFileSync(join(dir, name ?? ''))).toString()
    // Its blocks have the same numbers as this installation's, with other hashes.
    const theirs = lines.replaceAll(/"hash":"[0-9a-f]{4}/g, '"hash":"0000')
    writeFileSync(join(elsewhere, name ?? ''), gzipSync(theirs))
    writeFileSync(join(elsewhere, 'spaceport-trail-2020-01.ndjson.gz'), gzipSync(theirs))
    const { findings } = await verifyWhole([elsewhere])
    expect(findings.some((finding) => finding.startsWith('edited: ') || finding.startsWith('broken link: '))).toBe(true)
    expect(findings).toContainEqual(expect.stringContaining('the database has no record that this month was archived'))
  } finally {
    rmSync(elsewhere, { recursive: true, force: true })
  }
})

test('existing files in the folder are replaced without following links, and the new file is private', async () => {
  const shared = mkdtempSync(join(tmpdir(), 'spaceport-archives-'))
  try {
    const victim = join(shared, 'victim')
    writeFileSync(victim, 'kept')
    const file = archivePaths(shared, 0).file
    symlinkSync(victim, `${file}.partial`)
    await writeLines(`${file}.partial`, lineOf('x'))
    expect(readFileSync(victim, 'utf8')).toBe('kept')
    writeFileSync(`${file}.partial`, 'begun', { mode: 0o666 })
    chmodSync(`${file}.partial`, 0o666)
    await writeLines(`${file}.partial`, lineOf('x'))
    expect(statSync(`${file}.partial`).mode & 0o777).toBe(0o600)
    expect(gunzipSync(readFileSync(`${file}.partial`)).toString()).toBe('x\n')
  } finally {
    rmSync(shared, { recursive: true, force: true })
  }
})

async function* lineOf(text: string): AsyncGenerator<string> {
  yield text
}
