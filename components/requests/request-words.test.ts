import { expect, test } from 'vitest'
import { gainedRights } from '#lib/kernel/model/access/role-rules.ts'
import { historyWords, limitSentences, rightsSummary, spacesWords } from './request-words.ts'

const policy = { spaceLimit: 5, maxSize: 'M' } as const
const spaceRequest = {
  kind: 'space',
  cluster: 'default',
  name: 'lab',
  description: '',
  size: 'L',
  endsAt: null,
} as const

test('each exceeded limit has its sentence', () => {
  const sentences = limitSentences(
    { payload: spaceRequest, excess: ['space_limit', 'size_limit'], isOwn: false },
    policy,
  )
  expect(sentences).toEqual([
    'This would exceed the 5 spaces a person can own without approval.',
    'Size L is larger than M, the largest size available without approval.',
  ])
})

test('a request that no longer needs approval shows that, and a role request has no limits', () => {
  expect(limitSentences({ payload: spaceRequest, excess: [], isOwn: false }, policy)).toEqual([
    'This is now within the limits: they no longer need approval.',
  ])
  const role = {
    kind: 'role',
    spaceId: '1',
    cluster: 'default',
    space: 'a',
    role: 'viewer',
    minutes: 60,
    startsAt: null,
  } as const
  expect(limitSentences({ payload: role, excess: [], isOwn: false }, policy)).toEqual([])
})

test('the collapsed list of permissions shows their number and whether any goes beyond reading', () => {
  expect(rightsSummary(gainedRights(null, 'viewer'))).toMatch(/^\d+ resources, read only$/)
  expect(rightsSummary(gainedRights('viewer', 'editor'))).toMatch(/^\d+ resources, [4-9] of them sensitive$/)
  expect(rightsSummary([{ resource: 'pods', verbs: ['get', 'delete'], sensitive: false }])).toBe('1 resource')
})

test('spaces and history are counted by size and state, without zeros', () => {
  expect(spacesWords({ owned: 5, limit: 5, bySize: { L: 1, S: 4 } })).toBe('5 of 5 (4 × S, 1 × L)')
  expect(spacesWords({ owned: 0, limit: 5, bySize: null })).toBe('0 of 5')
  expect(historyWords({ last: [], counts: { withdrawn: 1, approved: 2 } })).toBe('2 approved, 1 withdrawn')
  expect(historyWords({ last: [], counts: {} })).toBeNull()
})
