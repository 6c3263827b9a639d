import { expect, test } from 'vitest'
import { datePresets } from './date-presets.ts'

test('days are counted from today, given tomorrow’s date', () => {
  expect(datePresets('2026-12-28')).toEqual([
    { label: 'Tomorrow', day: '2026-12-28' },
    { label: '7 days', day: '2027-01-03' },
    { label: '30 days', day: '2027-01-26' },
  ])
})

test('days after the policy’s limit are not offered', () => {
  expect(datePresets('2026-12-28', '2027-01-03').map(({ label }) => label)).toEqual(['Tomorrow', '7 days'])
  expect(datePresets('2026-12-28', '2026-12-27')).toEqual([])
})
