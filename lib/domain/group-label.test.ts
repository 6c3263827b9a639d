import { expect, test } from 'vitest'
import { groupLabel } from './group-label.ts'

test('a group of another provider is named with it, one of the configured provider without', () => {
  expect(groupLabel('/teams/blue', null)).toBe('/teams/blue')
  expect(groupLabel('/teams/blue', 'https://old.example.com')).toBe('/teams/blue (of https://old.example.com)')
})
