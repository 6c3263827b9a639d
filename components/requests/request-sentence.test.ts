import { expect, test } from 'vitest'
import { requestSentence } from './request-sentence.ts'

const space = { name: 'payments', cluster: 'default' }

test('each kind of request reads as a sentence', () => {
  expect(
    requestSentence({
      space,
      payload: { kind: 'role', spaceId: '1', cluster: 'default', space: 'payments', role: 'editor', days: 7 },
    }),
  ).toBe('To be an editor in payments for 7 days')
  expect(
    requestSentence({
      space,
      payload: { kind: 'role', spaceId: '1', cluster: 'default', space: 'payments', role: 'viewer', days: null },
    }),
  ).toBe('To be a viewer in payments with no end')
  expect(requestSentence({ space, payload: { kind: 'size', spaceId: '1', from: 'M', size: 'L' } })).toBe(
    'Size L instead of M for payments',
  )
  const wish = { kind: 'space', cluster: 'default', name: 'lab', description: '', size: 'L', endsAt: null } as const
  expect(requestSentence({ space: null, payload: wish })).toBe('A new space, lab, of size L')
})

test('a space that is gone is not named', () => {
  expect(requestSentence({ space: null, payload: { kind: 'size', spaceId: '1', from: 'S', size: 'M' } })).toBe(
    'Size M instead of S for a space',
  )
})
