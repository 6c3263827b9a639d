import { expect, test } from 'vitest'
import { trailReasons } from '#lib/domain/audit-reason.ts'
import { signInErrors } from '#lib/domain/sign-in-error.ts'
import { reasonInWords } from './reason-words.ts'

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
