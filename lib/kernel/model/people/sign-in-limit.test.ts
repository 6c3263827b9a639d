import { expect, test } from 'vitest'
import { parseEmailAddress } from './email-address.ts'
import { decideSignIn } from './sign-in-limit.ts'

const limit = (given: { groups?: string[]; domains?: string[] }) => ({
  signInGroups: given.groups ?? [],
  signInDomains: given.domains ?? [],
})
const ofDomain = (verifiedEmail: string | null) =>
  decideSignIn({ groups: [], verifiedEmail }, limit({ domains: ['example.com', 'xn--bcher-kva.example'] }))

test('without limits, anyone from the provider may sign in', () => {
  expect(decideSignIn({ groups: [], verifiedEmail: null }, limit({}))).toBeNull()
})

test.each([
  'a@example.com',
  'A@EXAMPLE.COM',
  "o'neil+x@Example.com",
  'a@xn--bcher-kva.example',
  'a@XN--BCHER-KVA.example',
])('an address of the domain is allowed: %s', (address) => expect(ofDomain(address)).toBeNull())

test.each([
  'a@evil.com',
  'a@evil.com@example.com',
  'a@example.com@evil.com',
  '"a@evil.com"@example.com',
  'a@example.com.',
  'a@.example.com',
  'a@sub.example.com',
  'a@notexample.com',
  'a@example.com.evil.com',
  'a@example.comevil',
  'a@example.com\n',
  ' a@example.com',
  'a@example.com ',
  'a@evil.com\0@example.com',
  'a@example.com\0.evil.com',
  'a@example.com(evil.com)',
  'a@example,com',
  'a@example。com',
  'a@ｅｘａｍｐｌｅ.com',
  // A Cyrillic letter, and the long s, which is S in uppercase.
  'a@exаmple.com',
  'a@example.com\u200b',
  'a@bücher.example',
  '\u212a@example.com',
  'a@[192.0.2.1]',
  'example.com',
  '@example.com',
  'a@',
  '',
])('any other address isn’t: %j', (address) => expect(ofDomain(address)).toBe('sign_in_domain'))

test('an unverified address doesn’t count', () => {
  expect(ofDomain(null)).toBe('email_unverified')
})

test('a member of one of the groups is allowed, by the exact name', () => {
  const inGroups = (groups: string[]) =>
    decideSignIn({ groups, verifiedEmail: null }, limit({ groups: ['engineering', '/platform/admins'] }))
  expect(inGroups(['team-blue', 'engineering'])).toBeNull()
  for (const groups of [[], ['Engineering'], ['engineering '], ['admins'], ['/platform']])
    expect(inGroups(groups)).toBe('sign_in_group')
})

test('if both limits are set, both must be satisfied', () => {
  const both = limit({ groups: ['engineering'], domains: ['example.com'] })
  const of = (group: string, verifiedEmail: string) => decideSignIn({ groups: [group], verifiedEmail }, both)
  expect(of('engineering', 'a@example.com')).toBeNull()
  expect(of('engineering', 'a@evil.com')).toBe('sign_in_domain')
  expect(of('sales', 'a@example.com')).toBe('sign_in_group')
})

test('lowercasing an address leaves letters beyond ASCII unchanged', () => {
  expect(parseEmailAddress('\u212aate@example.com')).toBeNull()
  expect(parseEmailAddress('Kate@Example.com')).toEqual({ address: 'kate@example.com', domain: 'example.com' })
})
