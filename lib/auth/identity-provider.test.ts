import { expect, test } from 'vitest'
import { scopesFor } from './identity-provider.ts'

test('groups is asked for only where the provider lists it, and what is configured is asked for as it is', () => {
  expect(scopesFor('', { scopes_supported: ['openid', 'groups'] })).toBe('openid profile email groups')
  expect(scopesFor('', { scopes_supported: ['openid'] })).toBe('openid profile email')
  expect(scopesFor('', {})).toBe('openid profile email')
  expect(scopesFor('  openid  roles ', { scopes_supported: ['groups'] })).toBe('openid roles')
})
