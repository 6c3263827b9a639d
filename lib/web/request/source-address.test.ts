import { expect, test } from 'vitest'
import { parseSourceAddress } from './source-address.ts'

test('a client’s own entries in the header are not trusted', () => {
  expect(parseSourceAddress('9.9.9.9, 203.0.113.7', 0)).toBe('203.0.113.7')
  expect(parseSourceAddress('9.9.9.9, 198.51.100.2, 10.0.0.1', 1)).toBe('198.51.100.2')
})

test('addresses are normalized, and anything else is ignored', () => {
  expect(parseSourceAddress('::ffff:127.0.0.1', 0)).toBe('127.0.0.1')
  expect(parseSourceAddress('[2001:db8::1]', 0)).toBe('2001:db8::1')
  expect(parseSourceAddress('<script>', 0)).toBeUndefined()
  expect(parseSourceAddress(null, 0)).toBeUndefined()
})
