/** Containers whose logs one page shows at once. */
export const maxLogSources = 20
/** Lines of each that it begins with. */
export const maxTailLines = 2_000
/** Of each, in a file. */
export const maxFileBytes = 50_000_000

/** Where lines come from; in an address `pod/container`. */
export type LogSource = { pod: string; container: string }

/** @returns sources as an address has them */
export const renderLogSources = (sources: readonly LogSource[]): string =>
  sources.map(({ pod, container }) => `${pod}/${container}`).join(',')

/**
 * What a stream of logs tells, each on a line of its own: the number of its source, a mark, a text. ` `: a line of the
 * log, with its time before it; `!`: why there are no more of this source; `.`: it has ended.
 */
export type LogEvent = { source: number; mark: ' ' | '!' | '.'; text: string }

/** @returns an event as a stream has it, with its end of line */
export const renderLogEvent = ({ source, mark, text }: LogEvent): string =>
  `${source}${mark}${text.replaceAll('\n', ' ')}\n`

const eventPattern = /^(\d{1,2})([ !.])(.*)$/s

/** @returns the event that a line of a stream has; null: it has none */
export function parseLogEvent(line: string): LogEvent | null {
  const [, source, mark, text] = eventPattern.exec(line) ?? []
  if (source === undefined || text === undefined) return null
  return { source: Number(source), mark: mark === '!' ? '!' : mark === '.' ? '.' : ' ', text }
}

const timePattern = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d) (.*)$/s

/**
 * @param text a line of a log, as kubelets write it with `timestamps=true` (RFC 3339, up to nanoseconds)
 * @returns its time, such that times sort as texts, and what it says; without a time: an empty one
 */
export function splitLogLine(text: string): { at: string; says: string } {
  const [, seconds, fraction = '', zone, says] = timePattern.exec(text) ?? []
  if (seconds === undefined || says === undefined || zone === undefined) return { at: '', says: text }
  if (zone === 'Z') return { at: `${seconds}.${fraction.padEnd(9, '0')}Z`, says }
  const whole = new Date(`${seconds}${zone}`)
  if (Number.isNaN(whole.getTime())) return { at: '', says: text }
  return { at: `${whole.toISOString().slice(0, 19)}.${fraction.padEnd(9, '0')}Z`, says }
}
