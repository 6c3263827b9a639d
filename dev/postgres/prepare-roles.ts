import pg from 'pg'
import { unblockerRole } from '#lib/kernel/db/migrate/lacking-unblocker.ts'
import type { ProcessName } from '#lib/kernel/db/session-of-process.ts'
import type { Passwords } from './passwords.ts'

/** Owns the database and runs migrations. */
export const ownerRole = 'spaceport_owner'
/** The login of a process. */
export const loginOf = (process: ProcessName): string => `spaceport_${process}_login`
const processes = ['web', 'worker', 'gateway'] as const
export const databaseName = 'spaceport'

/**
 * Creates the login roles of the owner and of each process, and the database, unless they exist. A standby has those of
 * its primary.
 * @param url a superuser's, database postgres
 */
export async function prepareRoles(url: string, passwords: Passwords): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    if ((await client.query('SELECT WHERE pg_is_in_recovery()')).rowCount === 1) return
    const { rows } = await client.query<{ rolname: string }>('SELECT rolname FROM pg_roles')
    const has = (role: string) => rows.some((row) => row.rolname === role)
    if (!has(ownerRole)) {
      await client.query(
        `CREATE ROLE ${ownerRole} LOGIN CREATEROLE CREATEDB PASSWORD ${pg.escapeLiteral(passwords.owner)}`,
      )
    }
    // As in docs/install.md, and for the additional logins of tests.
    if (!has(unblockerRole)) await client.query(`CREATE ROLE ${unblockerRole} NOLOGIN`)
    await client.query(`GRANT ${unblockerRole} TO ${ownerRole}; GRANT pg_signal_backend TO ${unblockerRole}`)
    for (const process of processes) {
      if (has(loginOf(process))) continue
      await client.query(`CREATE ROLE ${loginOf(process)} LOGIN PASSWORD ${pg.escapeLiteral(passwords[process])}`)
    }
    await client.query(`GRANT ${processes.map(loginOf).join(', ')} TO ${unblockerRole}`)
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [databaseName])
    if (rowCount === 0) await client.query(`CREATE DATABASE ${databaseName} OWNER ${ownerRole}`)
  } finally {
    await client.end()
  }
}

/** Grants the login of each process the role that the migrations created for it. */
export async function grantProcessRoles(ownerUrl: string, login: (process: ProcessName) => string): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl })
  await client.connect()
  try {
    for (const process of processes) await client.query(`GRANT spaceport_${process} TO ${login(process)}`)
  } finally {
    await client.end()
  }
}
