import { expect, test } from 'vitest'
import { isSafeDatabaseUrl } from './is-safe-database-url.ts'

const at = (host: string, query = '') => `postgresql://spaceport:secret@${host}/spaceport${query}`

test.each([
  at('localhost'),
  at('127.0.0.1:54329'),
  at('[::1]:5432'),
  at('db.localhost'),
  at('%2Fvar%2Frun%2Fpostgresql'),
  at('ignored', '?host=/var/run/postgresql'),
  at('localhost', '?sslmode=verify-full'),
])('%s is on this machine and may be unencrypted', (url) => expect(isSafeDatabaseUrl(url)).toBe(true))

test.each([
  at('db.example.com', '?sslmode=verify-full'),
  at('db.example.com', '?sslmode=verify-full&sslrootcert=/etc/ca.crt'),
  at('db.example.com', '?sslmode=require'),
  at('db.example.com', '?ssl=true'),
  at('10.0.0.7', '?application_name=x&sslmode=verify-full'),
])('%s is verified', (url) => expect(isSafeDatabaseUrl(url)).toBe(true))

test('an unencrypted connection to another machine must be requested explicitly', () => {
  expect(isSafeDatabaseUrl(at('db.example.com', '?sslmode=disable'))).toBe(true)
})

test.each([
  ['it has no sslmode', at('db.example.com')],
  ['it has no sslmode', at('10.0.0.7:5432', '?application_name=x')],
  ['the parameter has capitals, so the driver ignores it', at('db.example.com', '?SSLMODE=verify-full')],
  ['the mode is empty, so the driver ignores it', at('db.example.com', '?sslmode=')],
  ['the host is not what it seems', at('localhost', '?host=db.example.com')],
  ['the host is not what it seems', at('localhost.example.com')],
  ['the host is not what it seems', at('127.0.0.1.example.com')],
  ['the host comes from the environment', 'postgresql:///spaceport'],
  ['the host can’t be read', at('%zz')],
  ['it is not verified', at('db.example.com', '?sslmode=no-verify')],
  ['it is not verified', at('localhost', '?sslmode=no-verify')],
  ['it is not verified', at('db.example.com', '?ssl=no-verify')],
  ['it is not verified', at('db.example.com', '?sslmode=verify-full&ssl=no-verify')],
  ['it is not verified', at('db.example.com', '?uselibpqcompat=true&sslmode=require')],
  ['there is no such mode', at('db.example.com', '?sslmode=verify_full')],
  ['it is contradictory', at('db.example.com', '?sslmode=verify-full&sslmode=no-verify')],
  ['it is contradictory', at('localhost', '?host=localhost&host=db.example.com')],
  ['it is not a Postgres URL', 'https://db.example.com'],
  ['it is not a URL', 'db.example.com'],
])('because %s, %s is refused', (_why, url) => expect(isSafeDatabaseUrl(url)).toBe(false))
