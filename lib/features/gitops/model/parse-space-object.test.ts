import { expect, test } from 'vitest'
import { parseSpaceSpec } from './parse-space-object.ts'

const person = { person: 'bob-1a2b3c', role: 'editor' }

test('an object’s fields are read; omitted ones mean no description, no end, members managed in the portal, and Retain', () => {
  expect(parseSpaceSpec({ size: 'S' })).toEqual({
    ok: true,
    declared: { description: '', size: 'S', endsAt: null, members: null, reason: '', deletes: false },
  })
  const spec = {
    description: ' from Git ',
    size: 'L',
    expiresAt: '2030-12-31T23:59:59+01:00',
    members: [person, { group: 'team a', role: 'viewer', endsAt: '2030-01-01T00:00:00Z' }],
    reason: 'a test',
    deletionPolicy: 'Delete',
  }
  expect(parseSpaceSpec(spec)).toEqual({
    ok: true,
    declared: {
      description: 'from Git',
      size: 'L',
      endsAt: new Date('2030-12-31T22:59:59Z'),
      members: [
        { person: 'bob-1a2b3c', role: 'editor', endsAt: null },
        { group: 'team a', role: 'viewer', endsAt: new Date('2030-01-01T00:00:00Z') },
      ],
      reason: 'a test',
      deletes: true,
    },
  })
})

test.each([
  ['nothing', undefined, 'spec'],
  ['a text', 'S', 'spec'],
  ['no size', {}, 'spec.size'],
  ['an unknown size', { size: 'XL' }, 'spec.size'],
  ['an unknown field', { size: 'S', owner: 'me' }, 'spec'],
  ['a day', { size: 'S', expiresAt: '2030-12-31' }, 'spec.expiresAt'],
  ['a year that Postgres can’t store', { size: 'S', expiresAt: '0001-01-01T00:00:00Z' }, 'spec.expiresAt'],
  ['a member twice', { size: 'S', members: [person, { ...person, role: 'viewer' }] }, 'spec.members'],
  ['a member that is both person and group', { size: 'S', members: [{ ...person, group: 'x' }] }, 'spec.members.0'],
  ['a text that Postgres can’t store', { size: 'S', description: 'a\0b' }, 'spec.description'],
  ['a reason that Postgres can’t store', { size: 'S', reason: 'a\0b' }, 'spec.reason'],
  ['half a character', { size: 'S', description: 'a\ud800' }, 'spec.description'],
  ['an owner', { size: 'S', members: [{ ...person, role: 'owner' }] }, 'spec.members.0'],
  ['a group in disguise', { size: 'S', members: [{ group: 'a\u202eb', role: 'viewer' }] }, 'spec.members.0'],
  [
    'too many',
    { size: 'S', members: Array.from({ length: 101 }, (_, i) => ({ ...person, person: `p${i}` })) },
    'spec.members',
  ],
])('%s is refused with its path', (_what, spec, path) => {
  expect(parseSpaceSpec(spec)).toEqual({ ok: false, path: expect.stringContaining(path) })
})
