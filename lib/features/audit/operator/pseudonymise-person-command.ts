import { hostname } from 'node:os'
import { parseArgs } from 'node:util'
import { readArchiverConfig } from '#lib/config/config.ts'
import { createPool } from '#lib/kernel/db/pool.ts'
import { pseudonymisePerson } from './pseudonymise-person.ts'

const usage = `Usage: bin/spaceport pseudonymise-person HANDLE [--dry-run]

  Puts a pseudonym in the place of a person who was offboarded, wherever the database has a copy of their name, address or
  handle. It can’t be undone. Interrupted, it goes on when it is run again.

  --dry-run  changes nothing, and says how many rows of what it would change

DATABASE_URL is the login of a member of spaceport_archiver. What is kept, and what is outside of the database:
docs/personal-data.md`

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
        : `${handle} is ${pseudonym} now. Archives, backups, logs and what a SIEM got still have the name: see docs/personal-data.md.`,
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
