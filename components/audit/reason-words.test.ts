import { expect, test } from 'vitest'
import { trailReasons } from '#lib/domain/audit-reason.ts'
import { signInErrors } from '#lib/domain/sign-in-error.ts'
import { failureInWords, reasonInWords } from './reason-words.ts'

test.each([...trailReasons, ...signInErrors])('%s reads as a sentence', (reason) => {
  expect(reasonInWords(reason)).toMatch(/^[A-Z].*\.$/)
})

test('the status that a cluster answered with is shown', () => {
  expect(reasonInWords('cluster_409')).toBe('The cluster answered with status 409.')
})

test.each(['the logout_token is not valid', 'cluster_', 'constructor'])(
  '%j has no words, and is shown as it is',
  (text) => {
    expect(reasonInWords(text)).toBeNull()
  },
)

test('a refusal by the portal or the gateway is put in words', () => {
  const done = { outcome: 'ok', reason: null, detail: {} } as const
  expect(failureInWords(done)).toBeNull()
  expect(failureInWords({ ...done, outcome: 'refused', reason: 'self_escalation' })).toMatch(/^You can’t give yourself/)
  const refused = { ...done, outcome: 'refused', reason: 'role_insufficient' } as const
  expect(failureInWords({ ...refused, detail: { message: 'a viewer may not delete' } })).toBe('a viewer may not delete')
  expect(failureInWords(refused)).toBe('role_insufficient')
})
