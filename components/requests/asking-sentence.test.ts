import { expect, test } from 'vitest'
import type { RolePayload } from '#lib/kernel/model/requests/access-request.ts'
import type { DecisionContext } from '#lib/kernel/model/requests/request-view.ts'
import { askingSentence, groupWords } from './asking-sentence.ts'

const role: RolePayload = {
  kind: 'role',
  spaceId: '1',
  cluster: 'default',
  space: 'api-staging',
  role: 'editor',
  minutes: 10_080,
  startsAt: null,
}
const erin = { handle: 'erin', name: 'Erin Example', email: 'erin@example.com', from: null }
const context = (groups: DecisionContext['groups']): DecisionContext => ({
  groups,
  spaces: { owned: 1, limit: 5, bySize: null },
  usage: [],
  holders: { first: [], count: 0 },
  history: { last: [], counts: {} },
})
const open = { isOwn: false, state: 'open', requester: erin, space: { name: 'web', cluster: 'default' } } as const
const textOf = (asking: Parameters<typeof askingSentence>[0]) =>
  askingSentence(asking)
    .map(({ text }) => text)
    .join('')

test('with several identity providers, the requester’s is named before their groups', () => {
  const requester = { ...erin, from: 'Partner Ltd' }
  expect(textOf({ ...open, requester, payload: role, context: context({ names: ['blue'], count: 1 }) })).toBe(
    'Erin Example from Partner Ltd (blue, 1 of 5 spaces) asks to be editor in api-staging for 7 days',
  )
})

test('deciders read the requester, the subject and the duration', () => {
  expect(textOf({ ...open, payload: role, context: context({ names: [], count: 0 }) })).toBe(
    'Erin Example (no group, 1 of 5 spaces) asks to be editor in api-staging for 7 days',
  )
  expect(
    textOf({
      ...open,
      payload: { ...role, minutes: null },
      context: context({ names: ['blue', 'red', 'x'], count: 12 }),
    }),
  ).toBe('Erin Example (blue, red and 10 more, 1 of 5 spaces) asks to be editor in api-staging with no end date')
  expect(textOf({ ...open, payload: { kind: 'size', spaceId: '1', from: 'M', size: 'L' }, context: null })).toBe(
    'Erin Example asks for size L instead of M for web',
  )
  const spaceRequest = {
    kind: 'space',
    cluster: 'default',
    name: 'lab',
    description: '',
    size: 'L',
    endsAt: null,
  } as const
  expect(textOf({ ...open, payload: spaceRequest, context: null })).toBe(
    'Erin Example asks for the new space lab, size L, with no end date',
  )
  expect(textOf({ ...open, payload: { ...spaceRequest, endsAt: '2027-01-31T23:59:00.000Z' }, context: null })).toBe(
    'Erin Example asks for the new space lab, size L, until 31 Jan 2027, 23:59 UTC',
  )
})

test('one’s own request is called that, and another’s closed one uses the past tense', () => {
  expect(textOf({ ...open, isOwn: true, payload: role, context: null })).toBe(
    'Your request: editor in api-staging for 7 days',
  )
  expect(textOf({ ...open, isOwn: true, state: 'denied', payload: role, context: null })).toBe(
    'Your request: editor in api-staging for 7 days',
  )
  expect(
    textOf({
      ...open,
      isOwn: true,
      payload: { kind: 'life', spaceId: '1', from: null, endsAt: '2027-01-31T23:59:00.000Z' },
      context: null,
    }),
  ).toBe('Your request: keep web until 31 Jan 2027, 23:59 UTC')
  expect(textOf({ ...open, state: 'approved', payload: role, context: null })).toBe(
    'Erin Example asked to be editor in api-staging for 7 days',
  )
})

test('a deleted space is not named', () => {
  const size = { kind: 'size', spaceId: '1', from: 'S', size: 'M' } as const
  expect(textOf({ ...open, space: null, payload: size, context: null })).toContain('for a deleted space')
})

test('groups with hidden names are counted', () => {
  expect(groupWords({ names: null, count: 1 }, 2)).toBe('1 group')
  expect(groupWords({ names: null, count: 3 }, 2)).toBe('3 groups')
})
