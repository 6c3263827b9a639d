/**
 * @returns the same day some months later, or the last day of a shorter month
 * @param day `2026-12-31`
 */
export function monthsLater(day: string, months: number): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number)
  const last = new Date(Date.UTC(year, month + months, 0)).getUTCDate()
  return new Date(Date.UTC(year, month - 1 + months, Math.min(date, last))).toISOString().slice(0, 10)
}

/** @returns the first day after today that is a whole number of periods after `day` */
export function nextStart(day: string, months: number, today: string): string {
  for (let periods = 1; ; periods++) {
    const next = monthsLater(day, months * periods)
    if (next > today) return next
  }
}
