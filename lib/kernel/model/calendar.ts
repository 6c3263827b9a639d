/** The range of instants that the portal and Postgres both accept. */
export const earliest = new Date('1970-01-01T00:00:00Z')
export const latest = new Date('2999-12-31T23:59:59.999Z')

/** @returns whether a text (`2099-02-28`) is a calendar day within these bounds */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const day = new Date(`${text}T00:00:00Z`)
  // Date reads 30 February as 2 March.
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text) && day >= earliest && day <= latest
}
