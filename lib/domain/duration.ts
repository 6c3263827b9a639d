export const hourMs = 3_600_000
export const dayMs = 24 * hourMs

/** @returns a span in words, rounded to its largest unit: "8 hours", "30 days", "1 minute" */
export function spanInWords(ms: number): string {
  const units = [
    ['day', dayMs],
    ['hour', hourMs],
    ['minute', 60_000],
    ['second', 1000],
  ] as const
  for (const [unit, size] of units) {
    if (ms >= size) {
      const count = Math.round(ms / size)
      return `${count} ${unit}${count === 1 ? '' : 's'}`
    }
  }
  return 'a moment'
}
