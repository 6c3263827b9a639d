import { expect, test } from 'vitest'
import { isFresh } from '#lib/kernel/model/people/fresh-sign-in.ts'
import { parseAuthTime } from './auth-time.ts'

const now = new Date('2026-11-26T12:00:00Z')
const seconds = now.getTime() / 1_000

test('a time up to a minute ahead counts as now, and a later one is rejected', () => {
  expect(parseAuthTime(seconds - 5, now)).toEqual(new Date('2026-11-26T11:59:55Z'))
  expect(parseAuthTime(seconds + 60, now)).toEqual(now)
  expect(parseAuthTime(seconds + 61, now)).toBeNull()
})

test.each([undefined, null, '1', String(seconds), 0, -1, Number.NaN, Number.POSITIVE_INFINITY, {}, [seconds]])(
  '%j is not a time',
  (claim) => {
    expect(parseAuthTime(claim, now)).toBeNull()
  },
)

test('a sign-in is fresh for ten minutes', () => {
  expect(isFresh(new Date(now.getTime() - 600_000), now)).toBe(true)
  expect(isFresh(new Date(now.getTime() - 600_001), now)).toBe(false)
  expect(isFresh(null, now)).toBe(false)
})
