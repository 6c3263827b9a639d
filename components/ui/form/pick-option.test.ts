import { expect, test } from 'vitest'
import { pickOption } from './pick-option.ts'

const bob = { id: 'bob-1a2b3c', names: ['Bob Example', 'bob@example.com', 'bob'] }
const bobby = { id: 'bobby-4d5e6f', names: ['Bobby Example', 'bobby@example.com', 'bobby'] }
const blue = { id: 'team-blue', names: [] }

test.each([
  ['bob', bob],
  ['BOB@example.com', bob],
  ['bob example', bob],
  ['Bobby Example', bobby],
  ['bobby-4d5e6f', bobby],
  ['Team-Blue', blue],
])('an exact match is picked regardless of case: %s', (text, option) => {
  expect(pickOption(text, [bobby, bob, blue])).toEqual({ fits: 'one', option, sure: true })
})

test('a single result is picked, but not as a sure match', () => {
  expect(pickOption('bobb', [bobby])).toEqual({ fits: 'one', option: bobby, sure: false })
})

test('several exact matches or results give no pick', () => {
  const other = { id: 'bob-777777', names: ['bob example', 'bob@elsewhere.example', 'bob'] }
  expect(pickOption('Bob Example', [bob, other])).toEqual({ fits: 'several', alike: true })
  expect(pickOption('bo', [bob, bobby])).toEqual({ fits: 'several', alike: false })
  expect(pickOption('bo', [])).toEqual({ fits: 'none' })
})

test('people can’t get another person’s role by choosing a name equal to a handle or group', () => {
  const mallory = { id: 'mallory-666666', names: ['bob-1a2b3c', 'team-blue', 'mallory'] }
  expect(pickOption('bob-1a2b3c', [mallory, bob])).toEqual({ fits: 'one', option: bob, sure: true })
  expect(pickOption('team-blue', [mallory, blue])).toEqual({ fits: 'one', option: blue, sure: true })
})
