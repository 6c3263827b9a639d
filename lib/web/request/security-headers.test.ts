import { expect, test } from 'vitest'
import { securityHeaders } from './security-headers.ts'

test('a portal on https sends HSTS from its first response on', () => {
  expect(securityHeaders(true)['strict-transport-security']).toMatch(/^max-age=\d{8,}$/)
  expect(securityHeaders(false)['strict-transport-security']).toBeUndefined()
})
