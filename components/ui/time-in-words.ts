/** Smallest first: unit, seconds, and the highest count before the next unit is used. */
const steps = [
  ['minute', 60, 59],
  ['hour', 3_600, 23],
  ['day', 86_400, 45],
  ['month', 2_629_800, 17],
] as const
const yearSeconds = 31_557_600

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })
// Created once: creating one takes longer than rendering a table row.
const inUtc = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' })
const inOwnZone = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'long' })

/** @returns an instant relative to another, to the nearest unit: "3 minutes ago", "in 5 days", "just now" */
export function timeInWords(at: Date, now: Date): string {
  const seconds = (at.getTime() - now.getTime()) / 1000
  if (Math.abs(seconds) < 30) return seconds > 15 ? 'in a moment' : 'just now'
  for (const [unit, size, max] of steps) {
    const count = Math.round(seconds / size)
    if (Math.abs(count) <= max) return relative.format(count, unit)
  }
  return relative.format(Math.round(seconds / yearSeconds), 'year')
}

/** @returns an instant in full: "25 Nov 2026, 01:46 UTC"; in the reader's own zone where `local` */
export const timeInFull = (at: Date, local: boolean): string =>
  local ? inOwnZone.format(at) : `${inUtc.format(at)} UTC`
