import { expect, test } from 'vitest'
import {
  absentVerdicts,
  deletionWaits,
  hasStatus,
  livingVerdicts,
  objectStateOf,
  reasonOf,
  refusedVerdicts,
  renderObjectStatus,
} from './space-object-status.ts'

const at = new Date('2030-01-01T00:00:00.500Z')
const facts = { spaceId: 'x', namespace: 'shop', url: 'https://spaceport.test/spaces/shop' }

test('a condition keeps its transition time until its status changes', () => {
  const first = renderObjectStatus({ generation: 1, verdicts: livingVerdicts([], null), facts }, [], at)
  const later = new Date('2030-01-02T00:00:00Z')
  const waits = { reason: 'Creating', message: 'On its way.' }
  const second = renderObjectStatus(
    { generation: 2, verdicts: livingVerdicts([], waits), facts },
    first.conditions,
    later,
  )
  expect(
    second.conditions.map(({ type, status, reason, lastTransitionTime }) => [type, status, reason, lastTransitionTime]),
  ).toEqual([
    ['Accepted', 'True', 'Accepted', '2030-01-01T00:00:00Z'],
    ['Synced', 'True', 'Synced', '2030-01-01T00:00:00Z'],
    ['Ready', 'False', 'Creating', '2030-01-02T00:00:00Z'],
    ['Stalled', 'False', 'Progressing', '2030-01-01T00:00:00Z'],
  ])
})

test('a status is written only if it differs, ignoring fields that others add', () => {
  const status = renderObjectStatus({ generation: 1, verdicts: livingVerdicts([], null), facts }, [], at)
  const others = { type: 'Other', status: 'True', lastTransitionTime: 'x', reason: 'x', message: 'x' }
  expect(hasStatus({ ...status, conditions: [others, ...status.conditions], more: 1 }, status)).toBe(true)
  expect(hasStatus({ ...status, url: 'https://elsewhere.test' }, status)).toBe(false)
  expect(hasStatus({ ...status, requestUrl: 'https://spaceport.test/requests/x' }, status)).toBe(false)
  for (const found of [undefined, null, 'x', {}, { ...status, conditions: 'x' }, { ...status, conditions: [] }])
    expect(hasStatus(found, status)).toBe(false)
})

test('differences are listed, up to a limit', () => {
  const problems = Array.from({ length: 7 }, (_, i) => ({ reason: 'ChangedInPortal', message: `${i} differs.` }))
  expect(livingVerdicts(problems, null)).toMatchObject({
    Accepted: { is: 'True' },
    Synced: {
      is: 'False',
      reason: 'ChangedInPortal',
      message: '0 differs. 1 differs. 2 differs. 3 differs. 4 differs. And 2 more.',
    },
    Ready: { is: 'True' },
  })
  const endless = refusedVerdicts('Invalid', 'x'.repeat(5_000))
  const { conditions } = renderObjectStatus({ generation: 1, verdicts: endless, facts: {} }, [], at)
  for (const { message } of conditions) expect(message).toHaveLength(1_000)
})

test('an object is stalled if neither time nor an approval makes it ready', () => {
  const stalled = (verdicts: Parameters<typeof renderObjectStatus>[0]['verdicts']) => {
    const { conditions } = renderObjectStatus({ generation: 1, verdicts, facts: {} }, [], at)
    const found = conditions.find(({ type }) => type === 'Stalled')
    return [found?.status, found?.reason]
  }
  for (const reason of ['NotMapped', 'NameTaken', 'Invalid'])
    expect(stalled(refusedVerdicts(reason, 'x'))).toEqual(['True', reason])
  for (const reason of ['Deleted', 'RequestDenied', 'ReasonRequired', 'SpaceTooLong', 'Forbidden'])
    expect(stalled(absentVerdicts(reason, 'x'))).toEqual(['True', reason])
  for (const reason of ['WaitingForApproval', 'Deleting', deletionWaits, 'TooManyRequests', reasonOf('rate_limited')])
    expect(stalled(absentVerdicts(reason, 'x'))).toEqual(['False', 'Progressing'])
  expect(stalled(livingVerdicts([], { reason: 'EndInPast', message: 'x' }))).toEqual(['True', 'EndInPast'])
  // People may remove access, and the space still works.
  expect(stalled(livingVerdicts([{ reason: 'MemberRemoved', message: 'x' }], null))).toEqual(['False', 'Ready'])
})

test('error codes become condition reasons', () => {
  expect(['size_limit', 'forbidden', 'end_in_past'].map(reasonOf)).toEqual(['SizeLimit', 'Forbidden', 'EndInPast'])
})

test('an object’s state in metrics follows from its conditions', () => {
  const wait = { reason: 'Creating', message: 'Being made.' }
  expect(objectStateOf(livingVerdicts([], null), false)).toBe('ready')
  expect(objectStateOf(livingVerdicts([{ reason: 'MemberRemoved', message: '' }], null), false)).toBe('ready')
  expect(objectStateOf(livingVerdicts([], wait), true)).toBe('waiting')
  expect(objectStateOf(livingVerdicts([], { reason: 'Failed', message: '' }), false)).toBe('failing')
  expect(objectStateOf(absentVerdicts('WaitingForApproval', ''), true)).toBe('waiting')
  expect(objectStateOf(absentVerdicts('RequestDenied', ''), false)).toBe('failing')
  // Checked rarely, but it resolves without a change.
  expect(objectStateOf(absentVerdicts(deletionWaits, ''), false)).toBe('waiting')
  for (const underWay of [true, false])
    expect(objectStateOf(refusedVerdicts('NotMapped', ''), underWay)).toBe('refused')
})
