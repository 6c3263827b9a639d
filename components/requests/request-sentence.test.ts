import { expect, test } from 'vitest'
import { requestSentence } from './request-sentence.ts'

const space = { name: 'payments', cluster: 'default' }

test('each kind of request reads as a sentence', () => {
  expect(requestSentence({ space, payload: { kind: 'role', spaceId: '1', role: 'editor', days: 7 } })).toBe(
    'To be an editor in payments for 7 days',
  )
  expect(requestSentence({ space, payload: { kind: 'role', spaceId: '1', role: 'viewer', days: null } })).toBe(
    'To be a viewer in payments with no end',
  )
  expect(requestSentence({ space, payload: { kind: 'size', spaceId: '1', from: 'M', size: 'L' } })).toBe(
    'Size L instead of M for payments',
  )
  const wish = { kind: 'space', cluster: 'default', name: 'lab', description: '', size: 'L', endsAt: null } as const
  expect(requestSentence({ space: null, payload: wish })).toBe('A new space lab of size L')
})

test('a space that one may not know is not named', () => {
  expect(requestSentence({ space: null, payload: { kind: 'role', spaceId: '1', role: 'admin', days: 1 } })).toBe(
    'To be an admin in a space for 1 day',
  )
})
