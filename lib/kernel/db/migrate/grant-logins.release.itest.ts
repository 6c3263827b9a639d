import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ownDatabase } from '#dev/testing/database/own-database.ts'
import { createPool } from '#lib/kernel/db/pool.ts'
import { createRateLimiter } from '#lib/kernel/db/rate-limiter.ts'
import { grantLogins } from './grant-logins.ts'

/** The names need quotes, as at some providers: user@example.com, or capitals. */
const unique = randomBytes(6).toString('hex')
const nameOf = (what: string) => `Login ${what}@${unique}`
const made = ['web', 'worker', 'gateway', 'nologin', 'creator', 'other']
let ownerUrl: string
let owner: pg.Client

beforeAll(async () => {
  ownerUrl = (await ownDatabase()).ownerDatabaseUrl
  owner = new pg.Client({ connectionString: ownerUrl })
  await owner.connect()
  const attributes: Record<string, string> = { nologin: 'NOLOGIN', creator: 'LOGIN CREATEROLE' }
  for (const name of made) await owner.query(`CREATE ROLE "${nameOf(name)}" ${attributes[name] ?? 'LOGIN'}`)
  await owner.query(`GRANT spaceport_worker TO "${nameOf('other')}"`)
})
afterAll(async () => {
  for (const name of made) await owner.query(`DROP ROLE "${nameOf(name)}"`)
  await owner.end()
})

async function rolesOf(login: string): Promise<string[]> {
  const { rows } = await owner.query<{ name: string }>(
    'SELECT roleid::regrole::text AS name FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.member WHERE rolname = $1',
    [login],
  )
  return rows.map(({ name }) => name)
}

test('each login gets the role of its process once', async () => {
  const logins = (['web', 'worker', 'gateway'] as const).map((process) => ({ process, login: nameOf(process) }))
  await grantLogins(ownerUrl, logins)
  await grantLogins(ownerUrl, logins)
  for (const { process, login } of logins) expect(await rolesOf(login)).toEqual([`spaceport_${process}`])
})

test.each([
  ['a login that doesn’t exist', () => nameOf('nobody'), 'it does not exist'],
  ['a name that contains SQL', () => 'x"; DROP TABLE space; --', 'it does not exist'],
  ['a group: its members would get the role too', () => nameOf('nologin'), 'it can’t log in'],
  ['a login that can create roles', () => nameOf('creator'), 'it may create roles'],
  ['another process’s login', () => nameOf('other'), 'it is a member of spaceport_'],
  ['the owner', () => decodeURIComponent(new URL(ownerUrl).username), 'it '],
])('%s is refused, and no login gets a role', async (_what, name, why) => {
  const before = await rolesOf(name())
  await owner.query(`REVOKE spaceport_gateway FROM "${nameOf('gateway')}"`)
  const given = [
    { process: 'gateway' as const, login: nameOf('gateway') },
    { process: 'web' as const, login: name() },
  ]
  await expect(grantLogins(ownerUrl, given)).rejects.toThrow(`can’t be the login of web: ${why}`)
  expect(await rolesOf(nameOf('gateway'))).toEqual([])
  expect(await rolesOf(name())).toEqual(before)
})

test('a process changes its login while its other replicas keep theirs, and the old one stops with its last connection', async () => {
  const url = (login: string, password: string) =>
    Object.assign(new URL(ownerUrl), { username: encodeURIComponent(login), password }).href
  const [former, next] = [`former_${unique}`, `next_${unique}`]
  const passwords = { [former]: randomBytes(12).toString('hex'), [next]: randomBytes(12).toString('hex') }
  const open = (login: string) => {
    const options = { process: 'web' as const, max: 2, applicationName: 'test-rotation' }
    return createPool(url(login, passwords[login] ?? ''), options)
  }
  for (const login of [former, next])
    await owner.query(`CREATE ROLE "${login}" LOGIN PASSWORD ${pg.escapeLiteral(passwords[login] ?? '')}`)
  await grantLogins(ownerUrl, [{ process: 'web', login: former }])
  const [old, young] = [open(former), open(next)]
  try {
    await expect(young.query('SELECT count(*) FROM space')).rejects.toThrow()
    await grantLogins(ownerUrl, [{ process: 'web', login: next }])
    const works = async (pool: pg.Pool) =>
      (await pool.query<{ role: string }>('SELECT current_user AS role FROM space RIGHT JOIN (SELECT) one ON true'))
        .rows
    for (const pool of [old, young]) expect((await works(pool))[0]?.role).toBe('spaceport_web')

    // Both share the count.
    const limit = { name: `rotation-${unique}`, times: 1, seconds: 60 }
    expect(await createRateLimiter(old, limit).take('one')).toBe(true)
    expect(await createRateLimiter(young, limit).take('one')).toBe(false)

    const users = `SELECT usename FROM pg_stat_activity WHERE application_name = 'test-rotation' AND usename = ANY($1)`
    const names = [[former, next]]
    expect(new Set((await owner.query(users, names)).rows.map(({ usename }) => usename))).toEqual(
      new Set([former, next]),
    )
    await old.end()
    await expect.poll(async () => (await owner.query(users, names)).rows).toEqual([{ usename: next }])
    await owner.query(`DROP ROLE "${former}"`)
    expect((await works(young))[0]?.role).toBe('spaceport_web')
  } finally {
    await Promise.allSettled([old.ended ? undefined : old.end(), young.end()])
    for (const login of [former, next]) await owner.query(`DROP ROLE IF EXISTS "${login}"`)
  }
})

test('a superuser is refused', async () => {
  const { rows } = await owner.query<{ rolname: string }>('SELECT rolname FROM pg_roles WHERE rolsuper LIMIT 1')
  const login = rows[0]?.rolname ?? ''
  await expect(grantLogins(ownerUrl, [{ process: 'web', login }])).rejects.toThrow('it is a superuser')
})
