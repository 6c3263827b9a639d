import pg from 'pg'
import type { Passwords } from './passwords.ts'

/** Owns the database and runs migrations. */
export const ownerRole = 'spaceport_owner'
/** What web, gateway and worker log in as. */
export const loginRole = 'spaceport'
export const databaseName = 'spaceport'

/** Makes the two login roles and the database, or leaves them as they are. @param url a superuser's, database postgres */
export async function prepareRoles(url: string, passwords: Passwords): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const { rows } = await client.query<{ rolname: string }>('SELECT rolname FROM pg_roles')
    const has = (role: string) => rows.some((row) => row.rolname === role)
    if (!has(ownerRole)) {
      await client.query(
        `CREATE ROLE ${ownerRole} LOGIN CREATEROLE CREATEDB PASSWORD ${pg.escapeLiteral(passwords.owner)}`,
      )
    }
    if (!has(loginRole)) {
      await client.query(`CREATE ROLE ${loginRole} LOGIN PASSWORD ${pg.escapeLiteral(passwords.application)}`)
    }
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [databaseName])
    if (rowCount === 0) await client.query(`CREATE DATABASE ${databaseName} OWNER ${ownerRole}`)
  } finally {
    await client.end()
  }
}

/** Lets the application's login work as the role that the migrations made. @param ownerUrl @param applicationRole */
export async function grantApplicationRole(ownerUrl: string, applicationRole: string): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl })
  await client.connect()
  try {
    await client.query(`GRANT ${pg.escapeIdentifier(applicationRole)} TO ${loginRole}`)
  } finally {
    await client.end()
  }
}
