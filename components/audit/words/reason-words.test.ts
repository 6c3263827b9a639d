import { expect, test } from 'vitest'
import { trailReasons } from '#lib/kernel/model/audit/audit-reason.ts'
import { signInErrors } from '#lib/kernel/model/people/sign-in-error.ts'
import { failureInWords, reasonInWords } from './reason-words.ts'

test.each([...trailReasons, ...signInErrors])('%s reads as a sentence', (reason) => {
  expect(reasonInWords(reason)).toMatch(/^[A-Z].*\.$/)
})

test.each([
  ['cluster_403', 'The cluster refused it.'],
  ['cluster_409', 'It already exists, or was changed in the meantime.'],
  ['cluster_500', 'The cluster answered with status 500.'],
])('a cluster’s answer is explained: %s', (reason, sentence) => {
  expect(reasonInWords(reason)).toBe(sentence)
})

test.each([
  [{ kind: 'quota', of: ['limits.cpu', 'pods'] }, 'Quota used up: CPU limits and pods.'],
  [{ kind: 'quota', of: ['count/deployments.apps'] }, 'Quota used up: number of deployments.'],
  [{ kind: 'quota' }, 'Quota used up.'],
  [{ kind: 'container-limit', of: ['memory', 'cpu'] }, 'More memory and CPU than one container may have.'],
  [{ kind: 'policy', of: ['spaceport-labels'] }, 'Refused by the admission policy spaceport-labels.'],
  [{ kind: 'exists' }, 'It already exists.'],
  [{ kind: 'constructor', of: ['x'] }, 'The cluster refused it.'],
  [{ kind: 'quota', of: [{}, 1] }, 'Quota used up.'],
  ['quota', 'The cluster refused it.'],
  [null, 'The cluster refused it.'],
])('a cluster’s reason for a refusal is explained: %j', (refusal, sentence) => {
  expect(failureInWords({ outcome: 'refused', reason: 'cluster_403', detail: { refusal } })).toBe(sentence)
})

test.each(['the logout_token is not valid', 'cluster_', 'constructor'])(
  '%j has no explanation and is shown as it is',
  (text) => {
    expect(reasonInWords(text)).toBeNull()
  },
)

test('a refusal by the portal or the gateway is explained', () => {
  const done = { outcome: 'ok', reason: null, detail: {} } as const
  expect(failureInWords(done)).toBeNull()
  expect(failureInWords({ ...done, outcome: 'refused', reason: 'self_escalation' })).toMatch(/^You can’t give yourself/)
  const refused = { ...done, outcome: 'refused', reason: 'role_insufficient' } as const
  expect(failureInWords({ ...refused, detail: { message: 'a viewer may not delete' } })).toBe('a viewer may not delete')
  expect(failureInWords(refused)).toBe('role_insufficient')
})
