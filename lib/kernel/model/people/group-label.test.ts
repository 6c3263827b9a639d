import { expect, test } from 'vitest'
import { groupLabel, membersInWords } from './group-label.ts'

test('a group’s label names its provider unless it is the configured one', () => {
  expect(groupLabel('/teams/blue', null)).toBe('/teams/blue')
  expect(groupLabel('/teams/blue', 'https://old.example.com')).toBe('/teams/blue (of https://old.example.com)')
})

test('the number of known members reads well, even when it is zero', () => {
  expect([0, 1, 2].map(membersInWords)).toEqual([
    'no one has signed in yet',
    '1 person has signed in',
    '2 people have signed in',
  ])
})
