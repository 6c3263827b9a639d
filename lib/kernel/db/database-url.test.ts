import pg from 'pg'
import { expect, test } from 'vitest'
import { isSafeDatabaseUrl } from '#lib/config/is-safe-database-url.ts'

/** @returns where and how the driver would connect for a URL */
function readByDriver(connectionString: string): { host: string; how: 'verified' | 'unverified' | 'clear' } {
  const { host, ssl } = new pg.Client({ connectionString }) as unknown as { host: string; ssl: unknown }
  const unverified = typeof ssl === 'object' && ssl !== null && 'rejectUnauthorized' in ssl && !ssl.rejectUnauthorized
  return { host, how: !ssl ? 'clear' : unverified ? 'unverified' : 'verified' }
}

const hosts = ['db.example.com', 'localhost', '127.0.0.1', '[::1]', '%2Fvar%2Frun%2Fpostgresql', '%64b', '']
const modes = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full', 'no-verify', '']
const said = [
  ...modes.map((mode) => `sslmode=${mode}`),
  ...['true', '1', '0', 'false', 'no-verify', ''].map((ssl) => `ssl=${ssl}`),
  ...['db.example.com', 'localhost', '/var/run/postgresql', ''].map((host) => `host=${host}`),
  'uselibpqcompat=true',
  'SSLMODE=verify-full',
  'application_name=x',
]
const queries = ['', ...said.map((one) => `?${one}`), ...said.flatMap((a) => said.map((b) => `?${a}&${b}`))]

test('the driver reads every URL that we accept as we do', () => {
  const passed = { here: 0, verified: 0, told: 0 }
  for (const host of hosts) {
    for (const query of queries) {
      const url = `postgresql://u:p@${host}/x${query}`
      if (!isSafeDatabaseUrl(url)) continue
      const read = readByDriver(url)
      expect(read.how, url).not.toBe('unverified')
      if (read.how === 'verified') passed.verified++
      else if (/^(localhost|127\.0\.0\.1|::1|\/var\/run\/postgresql)$/.test(read.host)) passed.here++
      else {
        expect(query, url).toMatch(/[?&]sslmode=disable(&|$)/)
        passed.told++
      }
    }
  }
  for (const count of Object.values(passed)) expect(count).toBeGreaterThan(10)
})
