import { expect, test } from 'vitest'
import { judgeSpaceName, namespaceFor } from './space-name.ts'

test.each(['a', '1', 'team-1', 'x'.repeat(63), '2024-report'])('%s is a legal name', (name) => {
  expect(judgeSpaceName(name, '')).toEqual({ ok: true, namespace: name })
})

test.each(['', '-a', 'a-', 'A', 'a_b', 'a.b', 'a b', 'ä', 'a/b', 'a\n', 'x'.repeat(64), '..', 'a​'])(
  '%j is no RFC 1123 label',
  (name) => {
    expect(judgeSpaceName(name, '')).toMatchObject({ ok: false, code: 'name_invalid' })
  },
)

test.each([
  'default',
  'kube-system',
  'kube-',
  'openshift-monitoring',
  'spaceport-users',
  'spaceport-x',
  'spaceport',
  'new',
])('%s is not given away', (name) => {
  expect(judgeSpaceName(name, '')).toMatchObject({ ok: false })
})

test('the prefix counts for the length and can’t make a protected name', () => {
  expect(judgeSpaceName('x'.repeat(59), 'dev-')).toMatchObject({ ok: true })
  expect(judgeSpaceName('x'.repeat(60), 'dev-')).toMatchObject({ ok: false, code: 'name_invalid' })
  expect(judgeSpaceName('system', 'kube-')).toMatchObject({ ok: false, code: 'name_protected' })
  expect(namespaceFor('team', 'dev-')).toBe('dev-team')
})

test('a bad name is an error that marks the field', () => {
  expect(() => namespaceFor('No', '')).toThrow(
    expect.objectContaining({ code: 'name_invalid', fields: { name: expect.any(String) } }),
  )
})
