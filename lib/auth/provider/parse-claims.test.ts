import { expect, test } from 'vitest'
import { parseClaims } from './parse-claims.ts'

const person = { sub: 'subject', name: 'Alice Example', preferred_username: 'alice', email: 'alice@example.com' }
const groupsOf = (claims: object, claim = 'groups') => {
  const verdict = parseClaims({ ...person, ...claims }, claim)
  return verdict.ok ? verdict.claims.groups : verdict.error
}

test('a list of names gives the groups, each once; no claim gives none', () => {
  expect(groupsOf({ groups: ['a', 'b', 'a'] })).toEqual(['a', 'b'])
  expect(groupsOf({ groups: [] })).toEqual([])
  expect(groupsOf({})).toEqual([])
  expect(groupsOf({ 'https://example.com/teams': ['x'], groups: ['y'] }, 'https://example.com/teams')).toEqual(['x'])
})

test.each([
  ['one name', 'platform-admins'],
  ['null', null],
  ['a number', 7],
  ['an object', { 0: 'a' }],
  ['a list with another type in it', ['a', 7]],
  ['a list in a list', [['a']]],
])('groups that are %s are refused, and never count as no groups', (_what, groups) => {
  expect(groupsOf({ groups })).toBe('groups_malformed')
})

test.each([
  ['empty', '', '(empty)'],
  ['with a line break', 'a\nb', 'a b'],
  ['with an override of direction', 'a\u202eb', 'a b'],
  ['with half of a surrogate pair', 'a\ud800', 'a\ufffd'],
  ['with blanks around it', ' platform-admins', 'platform-admins'],
  ['too long', 'g'.repeat(1_025), `${'g'.repeat(80)}…`],
  ['too long in bytes', '語'.repeat(900), `${'語'.repeat(80)}…`],
])('the group name %j is skipped and reported, and the others count', (_what, name, shown) => {
  const verdict = parseClaims({ ...person, groups: ['team-blue', name] }, 'groups')
  expect(verdict).toMatchObject({ ok: true, claims: { groups: ['team-blue'], leftOut: [shown] } })
})

test('group names may be paths, and up to 1,024 characters long', () => {
  const names = [`/${'g'.repeat(1_023)}`, 'ä'.repeat(1_024)]
  expect(parseClaims({ ...person, groups: names }, 'groups')).toMatchObject({ claims: { groups: names, leftOut: [] } })
})

test.each([
  [
    'Entra’s overage',
    { _claim_names: { groups: 'src1' }, _claim_sources: { src1: { endpoint: 'https://x.example' } } },
  ],
  ['Entra’s overage of the implicit flow', { hasgroups: true }],
  ['the same as text', { hasgroups: 'true' }],
  ['sources without names', { _claim_sources: {} }],
  ['names of another type', { _claim_names: 'groups' }],
  ['more than a thousand', { groups: Array.from({ length: 1_001 }, (_, i) => `g${i}`) }],
])('%s is refused, even next to a list', (_what, claims) => {
  expect(groupsOf(claims)).toBe('groups_overage')
  expect(groupsOf({ groups: ['a'], ...claims })).toBe('groups_overage')
})

test('a distributed claim other than groups is ignored', () => {
  expect(groupsOf({ groups: ['a'], _claim_names: { address: 'src1' }, _claim_sources: { src1: {} } })).toEqual(['a'])
})

test.each(['', ' ', 'a b', 'a\n', 'ä', 'a\u202e', 'x'.repeat(256), 7, null])('%j is not a valid subject', (sub) => {
  expect(parseClaims({ ...person, sub }, 'groups')).toEqual({ ok: false, error: 'provider_refused' })
})

test('a person without a subject is refused, and one without a name is shown by another claim', () => {
  expect(parseClaims({ name: 'x' }, 'groups')).toEqual({ ok: false, error: 'provider_refused' })
  expect(parseClaims({ sub: 's' }, 'groups')).toMatchObject({ ok: true, claims: { name: 's', email: '' } })
  expect(parseClaims({ sub: 's', name: 'A\u0000\nB', email: 7 }, 'groups')).toMatchObject({
    claims: { name: 'A  B', email: '' },
  })
})

test.each([
  [undefined, false],
  [true, false],
  ['true', false],
  [false, true],
  ['false', true],
  [null, true],
  [0, true],
])('an address with email_verified %j is unverified: %j', (claim, emailUnverified) => {
  const claims = { sub: 's', email: 'a@host.test', ...(claim !== undefined && { email_verified: claim }) }
  expect(parseClaims(claims, 'groups')).toMatchObject({ claims: { emailUnverified } })
})

test('an address is verified only if the provider confirms it, and is kept as sent', () => {
  const verifiedOf = (claims: object) => {
    const verdict = parseClaims({ ...person, ...claims }, 'groups')
    return verdict.ok ? verdict.claims.verifiedEmail : verdict.error
  }
  for (const email_verified of [true, 'true']) expect(verifiedOf({ email_verified })).toBe(person.email)
  for (const email_verified of [undefined, null, false, 'false', 'TRUE', 1, 'yes', [true], {}])
    expect(verifiedOf({ email_verified }), JSON.stringify(email_verified)).toBeNull()
  for (const email of ['', null, 7, ['boss@example.com']])
    expect(verifiedOf({ email, email_verified: true })).toBeNull()
  const long = `${'a'.repeat(308)}@example.com.evil.com`
  expect(parseClaims({ ...person, email: long }, 'groups')).toMatchObject({ claims: { email: long.slice(0, 320) } })
  expect(verifiedOf({ email: long, email_verified: true })).toBe(long)
  expect(verifiedOf({ email: '\u200fboss@example.com', email_verified: true })).toBe('\u200fboss@example.com')
})
