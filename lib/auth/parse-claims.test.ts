import { expect, test } from 'vitest'
import { parseClaims } from './parse-claims.ts'

const person = { sub: 'subject', name: 'Alice Example', preferred_username: 'alice', email: 'alice@example.com' }
const groupsOf = (claims: object, claim = 'groups') => {
  const verdict = parseClaims({ ...person, ...claims }, claim)
  return verdict.ok ? verdict.claims.groups : verdict.error
}

test('a list of names is the groups, each once; no claim is no groups', () => {
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
  ['a list with something else in it', ['a', 7]],
  ['a list in a list', [['a']]],
  ['an empty name', ['']],
  ['a name with a line break', ['a\nb']],
  ['a name with an override of direction', ['a\u202eb']],
  ['a name that blanks surround', [' platform-admins']],
  ['a name that is too long', ['g'.repeat(257)]],
])('groups that are %s are a refusal, never no groups', (_what, groups) => {
  expect(groupsOf({ groups })).toBe('groups_malformed')
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
])('%s is a refusal, also beside a list', (_what, claims) => {
  expect(groupsOf(claims)).toBe('groups_overage')
  expect(groupsOf({ groups: ['a'], ...claims })).toBe('groups_overage')
})

test('a claim that is elsewhere and has nothing to do with groups is no obstacle', () => {
  expect(groupsOf({ groups: ['a'], _claim_names: { address: 'src1' }, _claim_sources: { src1: {} } })).toEqual(['a'])
})

test('a person without a subject is nobody, and one without a name is shown by what there is', () => {
  expect(parseClaims({ name: 'x' }, 'groups')).toEqual({ ok: false, error: 'provider_refused' })
  expect(parseClaims({ sub: 's' }, 'groups')).toMatchObject({ ok: true, claims: { name: 's', email: '' } })
  expect(parseClaims({ sub: 's', name: 'A\u0000\nB', email: 7 }, 'groups')).toMatchObject({
    claims: { name: 'A  B', email: '' },
  })
})
