/**
 * @param header of RFC 9110, section 10.2.3: seconds, or a date
 * @returns milliseconds from an instant on; null when it can't be read
 */
export function parseRetryAfter(header: string | string[] | undefined, at: Date): number | null {
  const text = Array.isArray(header) ? header[0] : header
  if (text === undefined) return null
  const ms = /^\d{1,9}$/.test(text) ? Number(text) * 1000 : Date.parse(text) - at.getTime()
  return Number.isNaN(ms) ? null : Math.max(0, ms)
}
