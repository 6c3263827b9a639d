import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runCheck } from '#dev/doctor/check.ts'
import { database as doctorsDatabase } from '#dev/doctor/database.ts'
import { freePorts } from '#dev/ports/free-ports.ts'
import { keepPasswords } from '#dev/postgres/passwords.ts'
import { type Postgres, startPostgres } from '#dev/postgres.ts'
import { projectRoot } from '#dev/project-root.ts'
import { createPool } from './pool.ts'
import type { ProcessName } from './session-of-process.ts'

/**
 * Managed Postgres (RDS, Cloud SQL, Azure) has no superuser for customers. Here a role with only CREATEDB and
 * CREATEROLE runs the SQL from the docs.
 */

const dir = mkdtempSync(join(tmpdir(), 'spaceport-documented-sql-'))
const processes = ['web', 'worker', 'gateway'] as const
const page = (name: string) => readFileSync(join(projectRoot, 'docs', name), 'utf8')
/** Readers put a password in place of the dots. */
const filledIn = (sql: string) => sql.replaceAll('…', 'secret')

/** @returns a page's SQL blocks below a heading, in order */
function sqlBelow(name: string, heading: string): string[] {
  const text = page(name)
  const start = text.indexOf(`\n${heading}\n`)
  expect(start, `${name} has the heading ${heading}`).toBeGreaterThan(-1)
  const end = text.slice(start + 1 + heading.length).search(/^#{2,} /m)
  const section = text.slice(start, end < 0 ? undefined : start + 1 + heading.length + end)
  return [...section.matchAll(/^ *```sql\n(?<sql>.*?)^ *```/gms)].map(({ groups }) => filledIn(groups?.sql ?? ''))
}

let port: number
let postgres: Postgres
let superuserUrl: string

const url = (login: string, database = 'spaceport', password = 'secret') =>
  `postgresql://${login}:${password}@127.0.0.1:${port}/${database}`

/** Sends statements one by one: CREATE DATABASE can't run in a transaction. */
async function run(connectionString: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString })
  client.on('error', () => {})
  await client.connect()
  try {
    const rows: Record<string, unknown>[] = []
    for (const statement of sql.split(';').filter((part) => part.trim() !== ''))
      rows.push(...(await client.query<Record<string, unknown>>(statement)).rows)
    return rows
  } finally {
    await client.end()
  }
}

const migrate = (logins: string) =>
  new Promise<{ status: number; out: string }>((resolve) => {
    const env = {
      NODE_ENV: 'production' as const,
      PATH: process.env.PATH,
      DATABASE_URL: url('spaceport_owner'),
      SPACEPORT_DATABASE_LOGINS: logins,
    }
    execFile(join(projectRoot, 'bin/spaceport'), ['migrate'], { env }, (error, stdout, stderr) =>
      resolve({ status: error ? Number(error.code) : 0, out: stdout + stderr }),
    )
  })

async function wrongWith(login: string): Promise<string[]> {
  const { checks } = doctorsDatabase({ url: url(login), queries: 4, locks: 2, clusters: 1 })
  const findings = await Promise.all(checks.map((check) => runCheck({ ...check, limitMs: 60_000 })))
  return findings
    .flat()
    .filter(({ mark }) => mark === 'bad')
    .map(({ what }) => what)
}

async function roleOfSession(process: ProcessName, login: string): Promise<string | undefined> {
  const pool = createPool(url(login), { process, max: 1, applicationName: 'test' })
  try {
    const { rows } = await pool.query<{ role: string }>(
      'SELECT current_user AS role FROM (SELECT count(*) FROM space) counted',
    )
    return rows[0]?.role
  } finally {
    await pool.end()
  }
}

beforeAll(async () => {
  port = (await freePorts('postgres')).postgres
  postgres = await startPostgres({ dir, port, fsync: false, report: () => {}, onExit: () => {} })
  superuserUrl = url('postgres', 'postgres', keepPasswords(join(dir, 'passwords.json')).superuser)
})
afterAll(async () => {
  await postgres?.stop()
  rmSync(dir, { recursive: true, force: true })
})

/** Removes the roles and databases of a development Postgres or of the previous run. */
async function empty(): Promise<void> {
  await run(superuserUrl, 'DROP DATABASE IF EXISTS spaceport WITH (FORCE)')
  const rows = await run(superuserUrl, `SELECT rolname FROM pg_roles WHERE rolname ~ '^(spaceport_|auditor_|admin$)'`)
  const names = rows.map(({ rolname }) => String(rolname))
  if (names.length > 0) await run(superuserUrl, `DROP ROLE ${names.join(', ')}`)
}

/** With the second setting, Postgres 16 and newer give a creator more rights on the roles it creates. */
const administrators = [
  ['a role with CREATEDB and CREATEROLE', `''`],
  ['a role that also inherits from and can act as the roles it creates', `'set, inherit'`],
] as const

describe.each(administrators)('%s', (_who, selfGrant) => {
  beforeAll(async () => {
    await empty()
    await run(
      superuserUrl,
      `CREATE ROLE admin LOGIN CREATEDB CREATEROLE PASSWORD 'secret'; ALTER ROLE admin SET createrole_self_grant = ${selfGrant}`,
    )
  })

  test('install.md and own-cluster.md have the same statements', () => {
    expect(sqlBelow('install.md', '## 2. Postgres')).toHaveLength(1)
    expect(sqlBelow('own-cluster.md', '## 2. Postgres')[0]).toBe(sqlBelow('install.md', '## 2. Postgres')[0])
  })

  test('it creates the database and its logins, and can’t act as their owner afterwards', async () => {
    await run(url('admin', 'postgres'), sqlBelow('install.md', '## 2. Postgres').join('\n'))
    const rows = await run(
      superuserUrl,
      `SELECT datdba::regrole::text AS owner, pg_has_role('admin', datdba, 'USAGE') OR pg_has_role('admin', datdba, 'SET') AS may
       FROM pg_database WHERE datname = 'spaceport'`,
    )
    expect(rows).toEqual([{ owner: 'spaceport_owner', may: false }])
  })

  test('the owner migrates and grants the logins, and each process’s login works with its own rights', async () => {
    const logins = processes.map((name) => `${name}=spaceport_${name}_login`).join(',')
    expect(await migrate(logins)).toMatchObject({ status: 0, out: expect.stringContaining('is the login of gateway') })
    for (const name of processes) {
      expect(await wrongWith(`spaceport_${name}_login`), name).toEqual([])
      expect(await roleOfSession(name, `spaceport_${name}_login`)).toBe(`spaceport_${name}`)
    }
    expect(await migrate(logins)).toMatchObject({ status: 0, out: expect.stringContaining('up to date') })
  })

  test('the owner can grant the logins by hand with own-cluster.md’s statements', async () => {
    const [, grants = ''] = sqlBelow('own-cluster.md', '## 2. Postgres')
    for (const name of processes)
      await run(url('spaceport_owner'), `REVOKE spaceport_${name} FROM spaceport_${name}_login`)
    expect(await wrongWith('spaceport_web_login')).toEqual([expect.stringContaining('a member of no process’s role')])
    await run(url('spaceport_owner'), grants.replace(/^--.*\n/, ''))
    for (const name of processes) expect(await wrongWith(`spaceport_${name}_login`), name).toEqual([])
  })

  test('the owner reads every row, as pg_dump does', async () => {
    const tables = await run(
      url('spaceport_owner'),
      `SELECT oid::regclass::text AS name FROM pg_class WHERE relkind IN ('r', 'p')
       AND relnamespace IN ('public'::regnamespace, 'graphile_worker'::regnamespace)`,
    )
    expect(tables.length).toBeGreaterThan(50)
    // pg_dump takes these locks, and fails rather than leave out rows that a policy hides.
    const reads = tables.map(({ name }) => `LOCK TABLE ${name} IN ACCESS SHARE MODE; SELECT count(*) FROM ${name}`)
    await run(url('spaceport_owner'), `BEGIN; SET LOCAL row_security = off; ${reads.join(';\n')};\nCOMMIT`)
  })

  test('rotation.md: a second login takes over, and the old one is dropped', async () => {
    const [create = '', connected = '', cut = ''] = sqlBelow('rotation.md', '## Database passwords')
    await run(url('admin', 'postgres'), create)
    expect((await migrate('web=spaceport_web_login_b')).status).toBe(0)
    expect(await roleOfSession('web', 'spaceport_web_login_b')).toBe('spaceport_web')

    // A thief still has a session with the old login.
    const thief = new pg.Client({ connectionString: url('spaceport_web_login') })
    const ended = new Promise((resolve) => thief.on('error', resolve))
    await thief.connect()
    expect(await run(url('admin', 'postgres'), connected)).toContainEqual(
      expect.objectContaining({ usename: 'spaceport_web_login' }),
    )
    await run(url('admin', 'postgres'), cut)
    expect(await ended).toBeInstanceOf(Error)
    await expect(run(url('spaceport_web_login'), 'SELECT 1')).rejects.toThrow()
    expect(await run(superuserUrl, `SELECT FROM pg_roles WHERE rolname = 'spaceport_web_login'`)).toEqual([])
    expect(await roleOfSession('web', 'spaceport_web_login_b')).toBe('spaceport_web')
  })

  test('the owner creates logins for an auditor and for archiving, and closes the connections of a stolen one', async () => {
    const [auditor = ''] = sqlBelow('guide-auditors.md', '## Verifying it yourself')
    const [archiver = ''] = sqlBelow('guide-operators-trail.md', '### The archiver’s login')
    const [retention = ''] = sqlBelow('guide-operators-trail.md', '### What stays in the database')
    const [cut = ''] = sqlBelow('guide-operators-trail.md', '### Archiving')
    await run(url('spaceport_owner'), `${auditor}; ${archiver}; ${retention}`)
    for (const login of ['auditor_carol', 'spaceport_archiver_login'])
      expect(await run(url(login), 'SELECT count(*)::int AS blocks FROM audit_block'), login).toHaveLength(1)

    const thief = new pg.Client({ connectionString: url('spaceport_archiver_login') })
    const ended = new Promise((resolve) => thief.on('error', resolve))
    await thief.connect()
    await run(url('spaceport_owner'), cut)
    expect(await ended).toBeInstanceOf(Error)
  })
})
