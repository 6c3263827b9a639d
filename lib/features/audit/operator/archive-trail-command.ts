import { mkdir } from 'node:fs/promises'
import { hostname } from 'node:os'
import { parseArgs } from 'node:util'
import { readArchiverConfig } from '#lib/config/config.ts'
import {
  dropArchivedMonths,
  readMonthContent,
  readRetention,
  selectTrailMonths,
} from '#lib/features/audit/db/chain/archive-month.ts'
import { createPool, type Pool } from '#lib/kernel/db/pool.ts'
import { parseTrailMonth, type TrailMonth, trailMonthName } from '#lib/kernel/model/audit/trail-month.ts'
import { archiveTrail } from './archive-trail.ts'

const usage = `Usage: bin/spaceport archive-trail (--month 2026-01 | --older-than 13months) --to DIR [--undelivered] [--dry-run]

  Archives months of the trail, oldest first: writes them to files in DIR, verifies the files, and detaches the months.
  Also removes detached months after their grace period. If it is interrupted, run it again.

  --month       one month, or “before” for everything older than the chain
  --older-than  every month that is older than this many months
  --undelivered archives a month even if a delivery (webhook, syslog) lacks it and will then never get it
  --dry-run     prints what would be archived, and changes nothing

DATABASE_URL is the login of a member of spaceport_archiver (docs/guide-operators-trail.md).`

type Options = {
  month: TrailMonth | null
  olderThan: number | null
  dir: string | null
  undelivered: boolean
  dryRun: boolean
}

function parseOptions(): Options {
  const { values } = parseArgs({
    options: {
      month: { type: 'string' },
      'older-than': { type: 'string' },
      to: { type: 'string' },
      undelivered: { type: 'boolean', default: false },
      'dry-run': { type: 'boolean', default: false },
    },
  })
  const month = values.month === undefined ? null : parseTrailMonth(values.month)
  const olderThan = /^(\d{1,4}) ?months?$/.exec(values['older-than'] ?? '')?.[1]
  const dryRun = values['dry-run']
  if ((month === null) === (olderThan === undefined) || (values.to === undefined && !dryRun)) throw new Error(usage)
  return {
    month,
    olderThan: olderThan === undefined ? null : Number(olderThan),
    dir: values.to ?? null,
    undelivered: values.undelivered,
    dryRun,
  }
}

async function run(): Promise<void> {
  const options = parseOptions()
  const pool = createPool(readArchiverConfig().DATABASE_URL, {
    process: 'archiver',
    max: 2,
    applicationName: 'spaceport archive-trail',
    statementTimeout: 0,
  })
  try {
    const { months, days } = await readRetention(pool)
    const due = await selectDue(pool, options, months)
    if (due.length === 0) console.log('There is nothing to archive.')
    for (const month of due) {
      if (options.dryRun || options.dir === null) await describeMonth(pool, month)
      else await archive(pool, month, { dir: options.dir, undelivered: options.undelivered, days })
    }
    if (!options.dryRun)
      for (const month of await dropArchivedMonths(pool))
        console.log(`${trailMonthName(month)}: removed from the database`)
  } finally {
    await pool.end()
  }
}

/** @returns the months to archive: the named one, even if the database will refuse it, or those that are old enough */
async function selectDue(pool: Pool, { month, olderThan }: Options, kept: number): Promise<TrailMonth[]> {
  if (month !== null) return [month]
  const all = await selectTrailMonths(pool)
  return all.filter(({ ago }) => ago > Math.max(olderThan ?? 0, kept)).map((one) => one.month)
}

async function describeMonth(pool: Pool, month: TrailMonth): Promise<void> {
  const content = await readMonthContent(pool, month)
  console.log(
    content
      ? `${trailMonthName(month)}: ${content.rows} rows, ${content.firstBlock === null ? 'no blocks' : `blocks ${content.firstBlock} to ${content.lastBlock}`}, ${content.ago} months ago`
      : `${trailMonthName(month)}: not in the trail`,
  )
}

type ArchiveTarget = { dir: string; undelivered: boolean; days: number }

async function archive(pool: Pool, month: TrailMonth, { dir, undelivered, days }: ArchiveTarget): Promise<void> {
  await mkdir(dir, { recursive: true, mode: 0o700 })
  const done = await archiveTrail(pool, month, { dir, undelivered, host: hostname() })
  const { file, rows, bytes, sha256, lacking } = done
  console.log(
    `${trailMonthName(month)}: ${rows} rows in ${file}, ${bytes} bytes, SHA-256 ${sha256}. Verified; the database keeps them for ${days} more days.`,
  )
  for (const { sink, host, block } of lacking)
    console.log(`${trailMonthName(month)}: ${sink} at ${host} will never get anything after block ${block}`)
}

run().catch((error: unknown) => {
  const wrongUse = error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')
  console.error(wrongUse ? `${error.message}\n${usage}` : error instanceof Error ? error.message : error)
  process.exitCode = 1
})
