import { expect, test } from 'vitest'
import { mergeClaims } from './collect-claims.ts'
import { parseClaims } from './parse-claims.ts'

const verifiedBy = (idToken: Record<string, unknown>, userinfo: Record<string, unknown>) => {
  const verdict = parseClaims(mergeClaims({ sub: 'subject', ...idToken }, userinfo), 'groups')
  return verdict.ok ? verdict.claims.verifiedEmail : verdict.error
}

test('an address is verified only by the response that contains it', () => {
  const email = 'alice@example.com'
  expect(verifiedBy({ email, email_verified: true }, {})).toBe(email)
  expect(verifiedBy({}, { email, email_verified: true })).toBe(email)
  expect(verifiedBy({ email }, { email, email_verified: true })).toBe(email)
})

test.each<[string, Record<string, unknown>, Record<string, unknown>]>([
  ['another address', { email: 'boss@example.com' }, { email: 'me@evil.com', email_verified: true }],
  ['no address', { email: 'boss@example.com' }, { email_verified: true }],
  ['no address, in the ID token', { email_verified: true }, { email: 'boss@example.com' }],
  [
    'no address, in the ID token, and userinfo denies it',
    { email_verified: true },
    { email: 'boss@example.com', email_verified: false },
  ],
  [
    'the same address, and the ID token denies it',
    { email: 'boss@example.com', email_verified: false },
    { email: 'boss@example.com', email_verified: true },
  ],
])('a response that verifies %s verifies no address of the other response', (_what, idToken, userinfo) => {
  expect(verifiedBy(idToken, userinfo)).toBeNull()
})

test('the ID token wins for all other claims', () => {
  expect(mergeClaims({ name: 'Alice', groups: ['a'] }, { name: 'Bob', groups: ['b'], locale: 'de' })).toMatchObject({
    ...{ name: 'Alice', groups: ['a'], locale: 'de' },
  })
})
