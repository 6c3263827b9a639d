import { expect, test } from 'vitest'
import { parseIdentity } from './parse-identity.ts'

test('the configured claim identifies the person, and sub is kept next to it', () => {
  expect(parseIdentity({ sub: 's', oid: 'o' }, 'sub')).toEqual({ claim: 'sub', subject: 's', sub: 's' })
  expect(parseIdentity({ sub: 's', oid: 'o' }, 'oid')).toEqual({ claim: 'oid', subject: 'o', sub: 's' })
})

test.each([
  ['no claim', {}],
  ['an inherited claim', Object.create({ oid: 'o' })],
  ['a list', { oid: ['o'] }],
  ['a number', { oid: 7 }],
  ['an empty text', { oid: '' }],
  ['a text with a space', { oid: 'a b' }],
  ['a long text', { oid: 'x'.repeat(256) }],
])('%s identifies no one, and never falls back to sub', (_what, claims) => {
  expect(parseIdentity({ sub: 's', ...claims }, 'oid')).toBeNull()
})
