import { expect, test } from 'vitest'
import { type ConfirmedAction, compareActions, type TrailRow, unanswered } from './compare-actions.ts'

const made: ConfirmedAction = { action: 'space.create', on: 'chaos-1', isPrompt: true }
const revoked: ConfirmedAction = { action: 'credential.revoke', on: 'hash', isPrompt: true }
const ids = new Map([['hash', 'credential-1']])
const intent = (id: string, changed: Partial<TrailRow> = {}): TrailRow => ({
  ...{ id, intentId: null, action: 'space.create', targetId: 'space-1', targetName: 'chaos-1', outcome: null },
  ...changed,
})
const outcome = (of: string, said = 'ok'): TrailRow => ({ ...intent(`${of}-${said}`), intentId: of, outcome: said })
const ofRevocation = { action: 'credential.revoke', targetId: 'credential-1', targetName: null }
const trail = [intent('a'), outcome('a'), intent('b', ofRevocation), { ...outcome('b'), ...ofRevocation }]

test('an action in the trail once, with its outcome, is correct', () => {
  expect(compareActions([made, revoked], trail, ids)).toEqual([])
})

test.each([0, 1, 2, 3])('a lost row is noticed: %i', (lost) => {
  expect(compareActions([made, revoked], trail.toSpliced(lost, 1), ids)).toEqual([
    expect.stringMatching(
      /^The trail lacks the (intent|outcome) of (space\.create of chaos-1|credential\.revoke of hash)$/,
    ),
  ])
})

test('a duplicate intent or outcome is found', () => {
  expect(compareActions([made], [...trail, intent('c')], ids)).toEqual([
    'The trail has 2 intents of space.create of chaos-1',
  ])
  expect(compareActions([made], [...trail, outcome('a', 'failed')], ids)).toEqual([
    'The trail has 2 outcomes of space.create of chaos-1',
  ])
})

test('a confirmed action that failed in the trail, or whose kubeconfig isn’t revoked, is found', () => {
  expect(compareActions([made], [intent('a'), outcome('a', 'failed')], ids)).toHaveLength(1)
  expect(compareActions([revoked], trail, new Map())).toEqual([
    'credential.revoke of hash was confirmed, but it is not revoked',
  ])
})

test('an earlier refused attempt, and another action on the same space, don’t count', () => {
  const others = [intent('r', { outcome: 'refused' }), intent('d', { action: 'space.delete' })]
  expect(compareActions([made], [...trail, ...others], ids)).toEqual([])
  expect(compareActions([made], others, ids)).toEqual(['The trail lacks the intent of space.create of chaos-1'])
})

test('a kind of action without a timely answer is named', () => {
  expect(unanswered([made, { ...made, isPrompt: false }, { ...revoked, isPrompt: false }])).toEqual([
    'credential.revoke',
  ])
})

test('if the answer was lost, the outcome may be missing for now, but not the intent', () => {
  const late = { ...made, isPrompt: false }
  expect(compareActions([late], [intent('a')], ids)).toEqual([])
  expect(compareActions([late], [], ids)).toHaveLength(1)
})

test('a run without confirmed actions proves nothing', () => {
  expect(compareActions([], trail, ids)).toHaveLength(1)
})
