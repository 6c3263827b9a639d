import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runCaptured } from '#dev/process/run-captured.ts'
import { ownDatabase } from '#dev/testing/database/own-database.ts'

/** `bin/spaceport migrate` as an operator’s Job runs it: with the owner’s login, and with names of the others. */
const login = `spaceport_gateway_login_${randomBytes(6).toString('hex')}`
let ownerUrl: string
let owner: pg.Client

beforeAll(async () => {
  ownerUrl = (await ownDatabase()).ownerDatabaseUrl
  owner = new pg.Client({ connectionString: ownerUrl })
  await owner.connect()
  await owner.query(`CREATE ROLE ${login} LOGIN PASSWORD 'secret'`)
})
afterAll(async () => {
  await owner.query(`DROP ROLE ${login}`)
  await owner.end()
})

const migrate = (logins: string) =>
  runCaptured('bin/spaceport', ['migrate'], { env: { DATABASE_URL: ownerUrl, SPACEPORT_DATABASE_LOGINS: logins } })

test('after a migration, the named logins can do what their processes do', async () => {
  expect(await migrate(`gateway=${login}`)).toEqual({
    status: 0,
    output: `The schema is up to date.\n${login} is the login of gateway.\n`,
    stdout: expect.any(String),
  })
  const url = Object.assign(new URL(ownerUrl), { username: login, password: 'secret' })
  const client = new pg.Client({ connectionString: url.href })
  await client.connect()
  await client.query('SET ROLE spaceport_gateway')
  await expect(client.query('SELECT count(*) FROM space')).resolves.toMatchObject({ rowCount: 1 })
  await expect(client.query('SELECT count(*) FROM session')).rejects.toThrow('permission denied')
  await client.end()
})

test.each([
  ['web=no-such-login', 'no-such-login can’t be the login of web: it does not exist'],
  ['owner=x', 'SPACEPORT_DATABASE_LOGINS is not usable: expected process=login'],
])('SPACEPORT_DATABASE_LOGINS=%s fails, and says why', async (logins, why) => {
  expect(await migrate(logins)).toMatchObject({ status: 1, output: expect.stringContaining(why) })
})
