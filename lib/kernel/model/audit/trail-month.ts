/** A month of the trail as a number: 202601; 0: before the chain. */
export type TrailMonth = number

/** @returns `2026-01`, or `before` */
export const trailMonthName = (month: TrailMonth): string =>
  month === 0 ? 'before' : `${Math.floor(month / 100)}-${String(month % 100).padStart(2, '0')}`

const inWords = new Intl.DateTimeFormat('en', { month: 'long', year: 'numeric', timeZone: 'UTC' })

/** @returns the month within a sentence: `January 2026` */
export const trailMonthInWords = (month: TrailMonth): string =>
  month === 0 ? 'the time before the first month' : inWords.format(Date.UTC(Math.floor(month / 100), (month % 100) - 1))

/** @returns the month with a name, or null */
export function parseTrailMonth(name: string): TrailMonth | null {
  if (name === 'before') return 0
  const [, year, month] = /^(20\d\d)-(0[1-9]|1[0-2])$/.exec(name) ?? []
  return year === undefined || month === undefined ? null : Number(year) * 100 + Number(month)
}

export const nextMonth = (month: TrailMonth): TrailMonth => (month % 100 === 12 ? month + 89 : month + 1)

export const monthOfSeq = (seq: string): TrailMonth => Math.max(0, Number(seq.slice(0, -12)) || 0)
