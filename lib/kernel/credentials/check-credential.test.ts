import { expect, test } from 'vitest'
import { checkCredential } from './check-credential.ts'

const facts = { endsAt: 1_000, revokedAt: null, deactivatedAt: null }

test('a credential is valid until just before its end', () => {
  expect(checkCredential(facts, 999)).toBeUndefined()
  expect(checkCredential(facts, 1_000)).toBe('ended')
})

test('a revoked credential is not valid, even by a clock that is behind the revocation', () => {
  expect(checkCredential({ ...facts, revokedAt: 500 }, 100)).toBe('revoked')
})

test('a deactivated person has no valid credential', () => {
  expect(checkCredential({ ...facts, deactivatedAt: 500 }, 100)).toBe('deactivated')
})
