import { expect, test } from 'vitest'
import { timeLeft } from './time-left.ts'

const now = new Date('2026-11-26T12:00:00Z')
const left = (seconds: number) => timeLeft(new Date(now.getTime() + seconds * 1_000), now)

test('the remaining time is rounded down and never negative', () => {
  expect([90_061, 86_400, 7_530, 3_600, 725, 60, 59.9, 0, -5].map(left)).toEqual([
    '1 d 01 h',
    '1 d 00 h',
    '2 h 05 min',
    '1 h 00 min',
    '12 min 05 s',
    '1 min 00 s',
    '59 s',
    '0 s',
    '0 s',
  ])
})
