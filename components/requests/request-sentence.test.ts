import { expect, test } from 'vitest'
import { requestSentence } from './request-sentence.ts'

const space = { name: 'payments', cluster: 'default' }

test('each kind of request reads as a sentence', () => {
  expect(
    requestSentence({
      space,
      payload: {
        kind: 'role',
        spaceId: '1',
        cluster: 'default',
        space: 'payments',
        role: 'editor',
        minutes: 10_080,
        startsAt: null,
      },
    }),
  ).toBe('Editor role in payments for 7 days')
  expect(
    requestSentence({
      space,
      payload: {
        kind: 'role',
        spaceId: '1',
        cluster: 'default',
        space: 'payments',
        role: 'viewer',
        minutes: null,
        startsAt: null,
      },
    }),
  ).toBe('Viewer role in payments with no end date')
  const role = { kind: 'role', spaceId: '1', cluster: 'default', space: 'payments', role: 'editor' } as const
  expect(requestSentence({ space, payload: { ...role, minutes: 60, startsAt: null } })).toBe(
    'Editor role in payments for 1 hour',
  )
  expect(requestSentence({ space, payload: { ...role, minutes: 240, startsAt: '2026-11-27T18:00:00.000Z' } })).toBe(
    'Editor role in payments for 4 hours, from 27 Nov 2026, 18:00 UTC',
  )
  expect(requestSentence({ space, payload: { kind: 'size', spaceId: '1', from: 'M', size: 'L' } })).toBe(
    'Size L instead of M for payments',
  )
  const life = { kind: 'life', spaceId: '1', from: '2026-12-01T23:59:59.000Z' } as const
  expect(requestSentence({ space, payload: { ...life, endsAt: '2026-12-31T23:59:59.000Z' } })).toBe(
    'payments until 2026-12-31 instead of 2026-12-01',
  )
  const spaceRequest = {
    kind: 'space',
    cluster: 'default',
    name: 'lab',
    description: '',
    size: 'L',
    endsAt: null,
  } as const
  expect(requestSentence({ space: null, payload: spaceRequest })).toBe('New space lab, size L')
})

test('a deleted space is not named', () => {
  expect(requestSentence({ space: null, payload: { kind: 'size', spaceId: '1', from: 'S', size: 'M' } })).toBe(
    'Size M instead of S for a deleted space',
  )
})
