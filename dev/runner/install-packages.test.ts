import { expect, test } from 'vitest'
import { isStale } from './install-packages.mjs'

const locked = {
  '': { version: '0.1.0' },
  'node_modules/zod': { version: '4.6.7', integrity: 'sha512-a' },
  'node_modules/only-elsewhere': { version: '1.0.0', optional: true },
}
const zod = { version: '4.6.7', integrity: 'sha512-a' }

test('an empty installation is stale', () => {
  expect(isStale(locked, undefined)).toBe(true)
  expect(isStale(locked, {})).toBe(true)
})

test('the locked versions are fresh, also without packages meant for other platforms', () => {
  expect(isStale(locked, { 'node_modules/zod': zod })).toBe(false)
})

test('another version, or other content under the same version, is stale', () => {
  expect(isStale(locked, { 'node_modules/zod': { ...zod, version: '4.6.6' } })).toBe(true)
  expect(isStale(locked, { 'node_modules/zod': { ...zod, integrity: 'sha512-b' } })).toBe(true)
  expect(isStale(locked, { 'node_modules/zod': zod, 'node_modules/only-elsewhere': { version: '0.9.0' } })).toBe(true)
})

test('a developer’s additional packages don’t matter', () => {
  expect(isStale(locked, { 'node_modules/zod': zod, 'node_modules/extra': { version: '1.0.0' } })).toBe(false)
})
