import { expect, test } from 'vitest'
import { checkIntake } from './check-intake.ts'

const now = Date.parse('2026-11-28T12:00:00Z')
const ago = (minutes: number) => new Date(now - minutes * 60_000)

const marks = (tokens: number, receivedAt: Date | null) =>
  checkIntake([{ cluster: 'lab', tokens, receivedAt }], now).map(({ mark }) => mark)

test('if the clusters’ audit is unused, that is a note', () => {
  expect(checkIntake([], now)).toEqual([{ mark: 'skipped', what: expect.stringContaining('It is off') }])
  expect(marks(0, null)).toEqual(['skipped'])
})

test('if one cluster sends it, another that doesn’t is still a note', () => {
  const other = { cluster: 'other', tokens: 0, receivedAt: null }
  const found = checkIntake([{ cluster: 'lab', tokens: 1, receivedAt: ago(1) }, other], now)
  expect(found.map(({ mark }) => mark)).toEqual(['good', 'skipped'])
  expect(found[1]?.what).toContain('other')
})

test('silence with a token in force is wrong; incoming audit is good', () => {
  expect(marks(1, ago(9))).toEqual(['good'])
  expect(marks(1, ago(11))).toEqual(['bad'])
  expect(marks(1, null)).toEqual(['bad'])
})

test('voided tokens, and one that wasn’t voided after its rotation, are worth a look', () => {
  expect(marks(0, ago(1))).toEqual(['doubtful'])
  expect(marks(2, ago(1))).toEqual(['good', 'doubtful'])
})
