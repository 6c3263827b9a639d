import { expect, test } from 'vitest'
import { indexAccess } from './access.ts'
import { accessRow, accessSpan } from './access-fixture.ts'
import { createSubjectIndex } from './subject-index.ts'

const row = (credentialId: string, userId: string, ...spaceIds: string[]) =>
  indexAccess(accessRow({ credentialId, userId, spans: spaceIds.map((spaceId) => accessSpan({ spaceId })) }))

test('a notification affects the access of that credential or person, or with a role in that space', () => {
  const index = createSubjectIndex<string>()
  index.set('a', row('c1', 'u1', 's1', 's2'))
  index.set('b', row('c2', 'u1', 's2'))
  index.set('c', row('c3', 'u2'))
  expect(index.concernedBy('credential:c1')).toEqual(['a'])
  expect(index.concernedBy('user:u1')).toEqual(['a', 'b'])
  expect(index.concernedBy('space:s2')).toEqual(['a', 'b'])
  expect(index.concernedBy('space:s9')).toEqual([])
})

test('a notification about a cluster or of an unknown kind affects everyone', () => {
  const index = createSubjectIndex<string>()
  index.set('a', row('c1', 'u1'))
  index.set('b', row('c2', 'u2'))
  for (const subject of ['cluster:k', 'something', 'other:thing', ''])
    expect(index.concernedBy(subject)).toEqual(['a', 'b'])
})

test('an item is found by its current access, and not at all once it is deleted', () => {
  const index = createSubjectIndex<string>()
  index.set('a', row('c1', 'u1', 's1'))
  index.set('a', row('c1', 'u1', 's2'))
  expect(index.concernedBy('space:s1')).toEqual([])
  expect(index.concernedBy('space:s2')).toEqual(['a'])
  index.delete('a')
  expect(index.concernedBy('space:s2')).toEqual([])
  expect(index.concernedBy('cluster:k')).toEqual([])
})
