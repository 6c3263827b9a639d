import { expect, test } from 'vitest'
import { securityHeaders } from './security-headers.ts'

test('a portal on https is asked for on https only, from its first answer on', () => {
  expect(securityHeaders(true)['strict-transport-security']).toMatch(/^max-age=\d{8,}$/)
  expect(securityHeaders(false)['strict-transport-security']).toBeUndefined()
})
