import { expect, test } from 'vitest'
import { makeHandle, readablePart } from './handle.ts'

test.each([
  ['alice', 'alice-7f3a9c'],
  ['Alice Example', 'alice-example-7f3a9c'],
  ['bob@example.com', 'bob-7f3a9c'],
  ['Zoë Müller', 'zoe-muller-7f3a9c'],
  ['Žofie Müllerová', 'zofie-mullerova-7f3a9c'],
  ['Łukasz Großmann-Ørsted', 'lukasz-grossmann-orsted-7f3a9c'],
  ['İrem Işık', 'irem-isik-7f3a9c'],
  ['ﬁnn', 'finn-7f3a9c'],
  ['42', 'u-42-7f3a9c'],
  ['李', 'u-7f3a9c'],
  ['', 'u-7f3a9c'],
  ['-'.repeat(80), 'u-7f3a9c'],
  ['x'.repeat(200), `${'x'.repeat(40)}-7f3a9c`],
])('%j becomes the RFC 1123 label %s', (name, handle) => {
  expect(makeHandle(name, '7f3a9c')).toBe(handle)
  expect(handle).toMatch(/^[a-z]([-a-z0-9]*[a-z0-9])?$/)
})

test('the readable part is the handle without its suffix', () => {
  expect(readablePart('alice-example-7f3a9c')).toBe('alice-example')
  expect(readablePart('deadbeef')).toBe('deadbeef')
})
