import { expect, test } from 'vitest'
import { groupLabel, membersInWords } from './group-label.ts'

test('a group of another provider is named with it, one of the configured provider without', () => {
  expect(groupLabel('/teams/blue', null)).toBe('/teams/blue')
  expect(groupLabel('/teams/blue', 'https://old.example.com')).toBe('/teams/blue (of https://old.example.com)')
})

test('how many of a group are known reads well, also when nobody is', () => {
  expect([0, 1, 2].map(membersInWords)).toEqual([
    'nobody has signed in yet',
    '1 person has signed in',
    '2 people have signed in',
  ])
})
