import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isAppError } from '#lib/kernel/model/errors.ts'
import { parseFilter, parsePath } from './parse-filter.ts'

const compare = (path: string, value: unknown, operator = 'eq') => ({ kind: 'compare', path, operator, value })

test('comparisons, case-insensitive, with JSON values', () => {
  expect(parseFilter('userName Eq "bjensen"')).toEqual(compare('username', 'bjensen'))
  expect(parseFilter('userName eq "DOM\\\\user \\"x\\" \\u00e9"')).toEqual(compare('username', 'DOM\\user "x" é'))
  expect(parseFilter('active eq True')).toEqual(compare('active', true))
  expect(parseFilter('title pr')).toEqual({ kind: 'present', path: 'title' })
  expect(parseFilter('a eq null or b gt -1.5e3')).toEqual({
    kind: 'or',
    of: [compare('a', null), compare('b', -1500, 'gt')],
  })
  expect(parseFilter('urn:ietf:params:scim:schemas:core:2.0:User:userName sw "J"')).toEqual(
    compare('username', 'J', 'sw'),
  )
})

test('“and” binds tighter than “or”, and parentheses tighter than both', () => {
  const [a, b, c] = ['a', 'b', 'c'].map((path) => ({ kind: 'present', path }))
  expect(parseFilter('a pr or b pr and c pr')).toEqual({ kind: 'or', of: [a, { kind: 'and', of: [b, c] }] })
  expect(parseFilter('(a pr or b pr) and not (c pr)')).toEqual({
    kind: 'and',
    of: [
      { kind: 'or', of: [a, b] },
      { kind: 'not', of: c },
    ],
  })
})

test('values of multi-valued attributes, with and without a sub-attribute after the bracket', () => {
  const work = compare('type', 'work')
  expect(parseFilter('emails[type eq "work"]')).toEqual({ kind: 'element', path: 'emails', of: work })
  expect(parseFilter('emails[type eq "work"].value eq "a@b"')).toEqual({
    kind: 'element',
    path: 'emails',
    of: { kind: 'and', of: [work, compare('value', 'a@b')] },
  })
  expect(parsePath('emails[type eq "work"].value')).toEqual({ attribute: 'emails', filter: work, sub: 'value' })
  expect(parsePath('members')).toEqual({ attribute: 'members', filter: null, sub: null })
  expect(parsePath('name.familyName')).toEqual({ attribute: 'name.familyname', filter: null, sub: null })
})

test.each([
  '',
  'a',
  'a eq',
  'a eq "',
  'a eq x',
  'a eq {}',
  'a pr b',
  'not a pr',
  '(a pr',
  'a pr)',
  'a[b pr',
  'a eq "x" and',
  'a\teq 1',
  'a pr; b pr',
  "a eq 'x'",
])('%s is not a filter', (text) => {
  expect(() => parseFilter(text)).toThrow(expect.objectContaining({ code: 'scim_filter' }))
})

test('input that makes other parsers slow or overflow is refused immediately', () => {
  const hard = [
    `a eq "${'\n'.repeat(3_000)}`,
    '('.repeat(3_900),
    'not ('.repeat(700),
    `a eq "${'\\'.repeat(3_900)}`,
    'x'.repeat(1_000_000),
    Array.from({ length: 500 }, () => 'a pr').join(' and '),
  ]
  const before = process.cpuUsage()
  for (const text of hard) expect(() => parseFilter(text)).toThrow(expect.objectContaining({ code: 'scim_filter' }))
  expect(process.cpuUsage(before).user / 1_000).toBeLessThan(2_000)
})

test('any text is either parsed or refused as a filter', () => {
  const piece = fc.constantFrom(
    'a',
    'eq',
    'pr',
    'and',
    'or',
    'not',
    '(',
    ')',
    '[',
    ']',
    '.',
    '"x"',
    '"',
    '\\',
    ' ',
    '1',
    'true',
    '\0',
    'é',
  )
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(piece).map((pieces) => pieces.join(' ')),
      ),
      (text) => {
        try {
          parseFilter(text)
        } catch (error) {
          expect(isAppError(error, 'scim_filter')).toBe(true)
        }
      },
    ),
  )
})
