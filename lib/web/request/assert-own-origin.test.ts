import { expect, test } from 'vitest'
import { assertNotForeign, assertOwnOrigin } from './assert-own-origin.ts'

const own = 'https://spaceport.example.com'

test.each([
  [{}],
  [{ origin: 'null' }],
  [{ origin: 'https://evil.example' }],
  [{ origin: 'https://spaceport.example.com.evil.example' }],
  [{ origin: 'http://spaceport.example.com' }],
  [{ origin: own, 'sec-fetch-site': 'cross-site' }],
  [{ origin: own, 'sec-fetch-site': 'same-site' }],
])('a change with %j is refused', (headers) => {
  expect(() => assertOwnOrigin(new Headers(headers), own)).toThrow('foreign_origin')
})

test('the portal’s own pages may change things, and links may read', () => {
  assertOwnOrigin(new Headers({ origin: own }), own)
  assertOwnOrigin(new Headers({ origin: own, 'sec-fetch-site': 'same-origin' }), own)
  assertNotForeign(new Headers({ 'sec-fetch-site': 'none' }), own)
  assertNotForeign(new Headers(), own)
  expect(() => assertNotForeign(new Headers({ 'sec-fetch-site': 'cross-site' }), own)).toThrow('foreign_origin')
})
