import { expect, test } from 'vitest'
import { canonicalRequest, type RequestPayload } from './access-request.ts'

const payload: RequestPayload = {
  kind: 'role',
  spaceId: 's',
  cluster: 'default',
  space: 'team',
  role: 'viewer',
  days: 1,
}

test('the text to hash depends on everything but the order of keys', () => {
  const text = canonicalRequest('alice', payload, 'why')
  expect(
    canonicalRequest(
      'alice',
      { days: 1, role: 'viewer', space: 'team', cluster: 'default', spaceId: 's', kind: 'role' },
      'why',
    ),
  ).toBe(text)
  const others = [
    canonicalRequest('bob', payload, 'why'),
    canonicalRequest('alice', payload, 'other'),
    canonicalRequest('alice', { ...payload, role: 'admin' }, 'why'),
    canonicalRequest('alice', { ...payload, days: null }, 'why'),
    canonicalRequest('alice', { ...payload, spaceId: 't' }, 'why'),
  ]
  expect(new Set([text, ...others]).size).toBe(6)
})
