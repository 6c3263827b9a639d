import { expect, test } from 'vitest'
import type { Approvals } from '#lib/kernel/model/requests/request-view.ts'
import { approvalCount, decisionSentence, unstaffedSentence, waitsForOthers } from './approval-words.ts'

const approval = {
  handle: 'a-1',
  name: 'A',
  at: new Date(0),
  reason: null,
  minutes: null,
  counts: true,
  isViewer: false,
}
const request = (needed: number, given: Partial<Approvals['given'][number]>[] = [], unstaffed = 0) => ({
  approvals: { needed, given: given.map((one) => ({ ...approval, ...one })), unstaffed },
})

test('approvals that no longer count are left out', () => {
  expect(approvalCount(request(1))).toBe('0 of 1 approval')
  expect(approvalCount(request(3, [{}, { counts: false }]))).toBe('1 of 3 approvals')
})

test('the decision sentence explains the effect of an approval', () => {
  expect(decisionSentence(request(1))).toBe('An approval takes effect immediately.')
  expect(decisionSentence(request(2, [{}]))).toBe('An approval takes effect immediately.')
  expect(decisionSentence(request(3, [{}]))).toBe(
    'It has 1 of 3 approvals, so yours doesn’t take effect yet; one denial closes it.',
  )
  expect(decisionSentence(request(3, [{ isViewer: true }]))).toBe(
    'You approved it and can still deny it; it needs 2 more approvals.',
  )
})

test('an approver can approve again once that is enough, or once theirs no longer counts', () => {
  expect(waitsForOthers(request(2, [{ isViewer: true }]))).toBe(true)
  expect(waitsForOthers(request(1, [{ isViewer: true }]))).toBe(false)
  expect(waitsForOthers(request(2, [{ isViewer: true, counts: false }]))).toBe(false)
})

test('missing approvers are counted', () => {
  expect(unstaffedSentence(request(2))).toBeNull()
  expect(unstaffedSentence(request(1, [], 1))).toMatch(
    /^No one can approve this, but it needs 1 approval\. A platform admin can change the policy./,
  )
  expect(unstaffedSentence(request(3, [], 2))).toMatch(/^Only one person can approve this, but it needs 3 approvals\./)
})
