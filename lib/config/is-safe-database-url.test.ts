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

test('an unencrypted connection to another machine has to be requested explicitly', () => {
  expect(isSafeDatabaseUrl(at('db.example.com', '?sslmode=disable'))).toBe(true)
})

test.each([
  ['it says nothing', at('db.example.com')],
  ['it says nothing', at('10.0.0.7:5432', '?application_name=x')],
  ['the parameter is in another case, which the driver ignores', at('db.example.com', '?SSLMODE=verify-full')],
  ['the mode is empty, which the driver ignores', at('db.example.com', '?sslmode=')],
  ['the host is another one than it looks', at('localhost', '?host=db.example.com')],
  ['the host is another one than it looks', at('localhost.example.com')],
  ['the host is another one than it looks', at('127.0.0.1.example.com')],
  ['the host is the environment’s', 'postgresql:///spaceport'],
  ['the host can’t be read', at('%zz')],
  ['nobody verifies', at('db.example.com', '?sslmode=no-verify')],
  ['nobody verifies', at('localhost', '?sslmode=no-verify')],
  ['nobody verifies', at('db.example.com', '?ssl=no-verify')],
  ['nobody verifies', at('db.example.com', '?sslmode=verify-full&ssl=no-verify')],
  ['nobody verifies', at('db.example.com', '?uselibpqcompat=true&sslmode=require')],
  ['there is no such mode', at('db.example.com', '?sslmode=verify_full')],
  ['it says two things', at('db.example.com', '?sslmode=verify-full&sslmode=no-verify')],
  ['it says two things', at('localhost', '?host=localhost&host=db.example.com')],
  ['it is for something else', 'https://db.example.com'],
  ['it is not a URL', 'db.example.com'],
])('because %s, %s is refused', (_why, url) => expect(isSafeDatabaseUrl(url)).toBe(false))
