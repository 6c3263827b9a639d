const units = ['bytes', 'kB', 'MB', 'GB'] as const

/** @returns a size in words, in powers of 1,000: "1.5 MB" */
export function bytesInWords(bytes: number): string {
  let value = bytes
  let unit = 0
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1_000
    unit++
  }
  return `${unit === 0 || value >= 10 ? Math.round(value) : Math.round(value * 10) / 10} ${units[unit]}`
}
