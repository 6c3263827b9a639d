import { expect, test } from 'vitest'
import { canonicalRequest, type RequestPayload } from './access-request.ts'

const payload: RequestPayload = {
  kind: 'role',
  spaceId: 's',
  cluster: 'default',
  space: 'team',
  role: 'viewer',
  minutes: 15,
  startsAt: null,
}

test('the text to hash depends on everything except the order of keys', () => {
  const text = canonicalRequest('alice', payload, 'why')
  expect(
    canonicalRequest(
      'alice',
      {
        startsAt: null,
        minutes: 15,
        role: 'viewer',
        space: 'team',
        cluster: 'default',
        spaceId: 's',
        kind: 'role',
      },
      'why',
    ),
  ).toBe(text)
  const others = [
    canonicalRequest('bob', payload, 'why'),
    canonicalRequest('alice', payload, 'other'),
    canonicalRequest('alice', { ...payload, role: 'admin' }, 'why'),
    canonicalRequest('alice', { ...payload, minutes: null }, 'why'),
    canonicalRequest('alice', { ...payload, spaceId: 't' }, 'why'),
  ]
  expect(new Set([text, ...others]).size).toBe(6)
})
