import { hostname } from 'node:os'
import { parseArgs } from 'node:util'
import { readArchiverConfig } from '#lib/config/config.ts'
import { createPool } from '#lib/kernel/db/pool.ts'
import { pseudonymisePerson } from './pseudonymise-person.ts'

const usage = `Usage: bin/spaceport pseudonymise-person HANDLE [--dry-run]

  Replaces an offboarded person by a pseudonym wherever the database has a copy of their name, address or handle.
  It can’t be undone. If it is interrupted, run it again.

  --dry-run  prints how many rows of each table would change, and changes nothing

DATABASE_URL is the login of a member of spaceport_archiver. docs/personal-data.md lists what is
kept, and what is outside of the database.`

async function run(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { 'dry-run': { type: 'boolean', default: false } },
    allowPositionals: true,
  })
  const [handle, ...more] = positionals
  if (handle === undefined || more.length > 0) throw new Error(usage)
  const dryRun = values['dry-run']
  const pool = createPool(readArchiverConfig().DATABASE_URL, {
    process: 'archiver',
    max: 1,
    applicationName: 'spaceport pseudonymise-person',
    statementTimeout: 600_000,
  })
  try {
    const pseudonym = await pseudonymisePerson(pool, {
      handle,
      host: hostname(),
      dryRun,
      report: (table, rows) => console.log(`${String(rows).padStart(9)}  ${table}`),
    })
    console.log(
      pseudonym === null
        ? 'Nothing was changed.'
        : `${handle} is now ${pseudonym}. Archives, backups, logs and SIEMs still have the name: see docs/personal-data.md.`,
    )
  } finally {
    await pool.end()
  }
}

run().catch((error: unknown) => {
  const wrongUse = error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')
  console.error(wrongUse ? `${error.message}\n${usage}` : error instanceof Error ? error.message : error)
  process.exitCode = 1
})
