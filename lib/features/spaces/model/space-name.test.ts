import { expect, test } from 'vitest'
import { namespaceFor, parseSpaceName } from './space-name.ts'

test.each(['a', '1', 'team-1', 'x'.repeat(63), '2024-report'])('%s is a legal name', (name) => {
  expect(parseSpaceName(name, '')).toEqual({ ok: true, namespace: name })
})

test.each(['', '-a', 'a-', 'A', 'a_b', 'a.b', 'a b', 'ä', 'a/b', 'a\n', 'x'.repeat(64), '..', 'a​'])(
  '%j is not an RFC 1123 label',
  (name) => {
    expect(parseSpaceName(name, '')).toMatchObject({ ok: false, code: 'name_invalid' })
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
])('%s is reserved', (name) => {
  expect(parseSpaceName(name, '')).toMatchObject({ ok: false })
})

test.each([
  ...['com', 'svc', 'cluster', 'local', 'io', 'de', 'uk', 'net', 'xn--p1ai'],
  ...['cert-manager', 'argocd', 'ingress-nginx', 'monitoring', 'istio-ingress', 'flux-system', 'my-system'],
])('%s is reserved, but is another name behind a prefix', (name) => {
  expect(parseSpaceName(name, '')).toMatchObject({ ok: false, code: 'name_protected' })
  if (!name.endsWith('-system')) expect(parseSpaceName(name, 'team-')).toMatchObject({ ok: true })
})

test('a name that only looks reserved is free', () => {
  for (const name of ['a', 'abc', 'a1', 'comet', 'my-com', 'argocd-test', 'system', 'systems-x', 'kubera', 'news-1'])
    expect(parseSpaceName(name, '')).toEqual({ ok: true, namespace: name })
})

test('the operator’s reserved names are protected, with and without the prefix', () => {
  const reserved = ['vip', 'team-crown']
  for (const [name, prefix] of [
    ['vip', ''],
    ['vip', 'team-'],
    ['crown', 'team-'],
  ] as const)
    expect(parseSpaceName(name, prefix, reserved)).toMatchObject({ ok: false, code: 'name_protected' })
  expect(parseSpaceName('crown', '', reserved)).toMatchObject({ ok: true })
})

test('the operator’s reserved prefixes (name*) are protected, with and without the space prefix', () => {
  const reserved = ['infra-*']
  for (const prefix of ['', 'team-'])
    expect(parseSpaceName('infra-db', prefix, reserved)).toMatchObject({ ok: false, code: 'name_protected' })
  for (const name of ['infra', 'my-infra-db', 'infrastructure'])
    expect(parseSpaceName(name, '', reserved)).toMatchObject({ ok: true })
})

test('the prefix counts towards the length and can’t lead to a protected name', () => {
  expect(parseSpaceName('x'.repeat(59), 'dev-')).toMatchObject({ ok: true })
  expect(parseSpaceName('x'.repeat(60), 'dev-')).toMatchObject({ ok: false, code: 'name_invalid' })
  expect(parseSpaceName('system', 'kube-')).toMatchObject({ ok: false, code: 'name_protected' })
  expect(namespaceFor('team', 'dev-')).toBe('dev-team')
})

test('an invalid name is an error that marks the field', () => {
  expect(() => namespaceFor('No', '')).toThrow(
    expect.objectContaining({ code: 'name_invalid', fields: { name: expect.any(String) } }),
  )
})
