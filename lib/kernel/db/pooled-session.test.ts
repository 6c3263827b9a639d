import pg from 'pg'
import { expect, test } from 'vitest'
import { connectionOptions } from './pool.ts'
import { pooledClientClass } from './pooled-client.ts'
import { checkPooledSession, type PooledSession } from './pooled-session.ts'
import { waysToPostgres } from './ways-to-postgres.ts'

const right: PooledSession = {
  login: 'web_login',
  role: 'spaceport_web',
  timeout: '15s',
  zone: 'UTC',
  changed: null,
  temporary: false,
  defaults: ['role=spaceport_web', 'statement_timeout=15s', 'lock_timeout=4s'],
}

test('a session with its login’s defaults is used', () => {
  expect(checkPooledSession('web', right)).toBeNull()
})

test.each(['15s', '15000', '20s', '1min', '1d'])(
  'a time limit of %s is ours or a longer one of another release',
  (timeout) => {
    const defaults = ['role=spaceport_web', `statement_timeout=${timeout}`, 'lock_timeout=4s']
    expect(checkPooledSession('web', { ...right, timeout, defaults })).toBeNull()
  },
)

test.each<[string, Partial<PooledSession>]>([
  ['role', { role: 'web_login' }],
  ['role', { role: 'spaceport_worker' }],
  ['statement_timeout', { timeout: '0' }],
  ['statement_timeout', { timeout: '14999ms' }],
  ['TimeZone', { zone: 'Europe/Berlin' }],
  ['search_path, synchronous_commit', { changed: 'search_path, synchronous_commit' }],
  ['temporary tables', { temporary: true }],
])('a session that differs in %s isn’t used, and the message names no login', (what, changed) => {
  const fault = checkPooledSession('web', { ...right, ...changed })
  expect(fault?.words).toBe(`a pooled connection doesn’t have its login’s defaults (${what})`)
  expect(fault?.message).toContain('web_login')
})

test.each<[string, string[]]>([
  ['role, statement_timeout, lock_timeout', []],
  ['role', ['role=spaceport_gateway', 'statement_timeout=15s', 'lock_timeout=4s']],
  ['statement_timeout', ['role=spaceport_web', 'statement_timeout=0', 'lock_timeout=4s']],
  ['lock_timeout', ['role=spaceport_web', 'statement_timeout=15s', 'lock_timeout=0']],
])('a login without %s is a different fault: new connections would have it too', (what, defaults) => {
  expect(checkPooledSession('web', { ...right, defaults })?.words).toBe(
    `the login is missing session defaults (${what})`,
  )
})

test('behind a pooler, no connection can have its own time limits', () => {
  const pooled = { process: 'worker', max: 1, applicationName: 'test', throughPooler: true } as const
  expect(connectionOptions('postgresql://localhost/x', pooled)).not.toHaveProperty('options')
  for (const limits of [{ statementTimeout: 0 }, { sessionTimeout: 8_000 }])
    expect(() => connectionOptions('postgresql://localhost/x', { ...pooled, ...limits })).toThrow('a pooler gives')
})

test('the startup message to a pooler is pg’s, plus the time zone', () => {
  const url = 'postgresql://someone@localhost/x'
  const startup = (client: pg.Client) => (client as unknown as { getStartupConf(): object }).getStartupConf()
  const usual = startup(new pg.Client({ connectionString: url }))
  expect(usual).toMatchObject({ user: 'someone', database: 'x' })
  expect(startup(new (pooledClientClass())({ connectionString: url }))).toEqual({ ...usual, TimeZone: 'UTC' })
})

test('without a direct URL, everything uses one way', () => {
  expect(waysToPostgres({ DATABASE_URL: 'a', DATABASE_DIRECT_URL: '' })).toEqual({
    queries: { url: 'a', throughPooler: false },
    sessions: 'a',
  })
  expect(waysToPostgres({ DATABASE_URL: 'a', DATABASE_DIRECT_URL: 'b' })).toEqual({
    queries: { url: 'a', throughPooler: true },
    sessions: 'b',
  })
})
