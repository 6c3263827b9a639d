import { expect, test } from 'vitest'
import { readStoredRequest } from './stored-request.ts'

const role = { kind: 'role', spaceId: 's', cluster: 'c', space: 'web-dev', role: 'editor' } as const

test('a stored request is read, including one from releases that counted in days', () => {
  for (const kept of [
    { kind: 'space', cluster: 'c', name: 'n', description: '', size: 'L', endsAt: null },
    { kind: 'size', spaceId: 's', from: 'S', size: 'M' },
    { kind: 'life', spaceId: 's', from: null, endsAt: '2026-11-27T12:00:00.000Z' },
    { ...role, minutes: 240, startsAt: null },
    { ...role, minutes: 10_080, startsAt: null },
  ])
    expect(readStoredRequest({ id: 'x', ...kept })).toEqual(kept)
})

test('a malformed request is ignored', () => {
  for (const kept of [
    null,
    'role',
    [],
    {},
    { kind: 'other' },
    { kind: 'size', spaceId: 's', from: 'S', size: 'XXL' },
    { kind: 'life', spaceId: 's', from: null, endsAt: 'tomorrow' },
    { kind: 'space', cluster: 'c', name: 'n', size: 'toString' },
    { ...role, role: '__proto__', minutes: 1, startsAt: null },
    { ...role, minutes: 1, startsAt: 'x' },
    Object.create({ ...role, minutes: 1 }),
  ])
    expect(readStoredRequest(kept), JSON.stringify(kept)).toBeNull()
})
