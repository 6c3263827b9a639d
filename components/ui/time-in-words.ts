const steps = [
  ['year', 31_557_600],
  ['month', 2_629_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })
const absoluteForm = { dateStyle: 'medium', timeStyle: 'short' } as const

/** @returns an instant as seen from another: "3 minutes ago", "in 5 days", "just now" */
export function timeInWords(at: Date, now: Date): string {
  const exact = (at.getTime() - now.getTime()) / 1000
  // What ends in eight hours still does so a moment later.
  const seconds = exact > 3_540 ? exact + 60 : exact
  for (const [unit, size] of steps) {
    if (Math.abs(seconds) >= size) return relative.format(Math.trunc(seconds / size), unit)
  }
  return seconds > 15 ? 'in a moment' : 'just now'
}

/** @returns an instant in full: "25 Nov 2026, 01:46 UTC"; in the reader's own zone where `local` */
export function timeInFull(at: Date, local: boolean): string {
  if (local) return new Intl.DateTimeFormat('en-GB', { ...absoluteForm, timeStyle: 'long' }).format(at)
  return `${new Intl.DateTimeFormat('en-GB', { ...absoluteForm, timeZone: 'UTC' }).format(at)} UTC`
}
