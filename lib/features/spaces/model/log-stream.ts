/** The most containers in one page of logs. */
export const maxLogSources = 20
/** How many lines of each to start with. */
export const maxTailLines = 2_000
/** The most lines of each in a file. */
export const maxFileBytes = 50_000_000

/** The source of lines; in a URL, `pod/container`. */
export type LogSource = { pod: string; container: string }

/** @returns sources for a URL */
export const renderLogSources = (sources: readonly LogSource[]): string =>
  sources.map(({ pod, container }) => `${pod}/${container}`).join(',')

/**
 * An event in a stream of logs, one line each: the number of its source, a mark, a text. ` `: a line of the log,
 * preceded by its time; `!`: why this source has no more; `.`: it has ended.
 */
export type LogEvent = { source: number; mark: ' ' | '!' | '.'; text: string }

/** @returns an event as a line of a stream, with its line end */
export const renderLogEvent = ({ source, mark, text }: LogEvent): string =>
  `${source}${mark}${text.replaceAll('\n', ' ')}\n`

const eventPattern = /^(\d{1,2})([ !.])(.*)$/s

/** @returns the event in a line of a stream; null: none */
export function parseLogEvent(line: string): LogEvent | null {
  const [, source, mark, text] = eventPattern.exec(line) ?? []
  if (source === undefined || text === undefined) return null
  return { source: Number(source), mark: mark === '!' ? '!' : mark === '.' ? '.' : ' ', text }
}

const timePattern = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d) (.*)$/s

/**
 * @param text a line of a log as kubelets write it with `timestamps=true` (RFC 3339, up to nanoseconds)
 * @returns its time in a form that sorts as text, and its content; empty if there is no time
 */
export function splitLogLine(text: string): { at: string; says: string } {
  const [, seconds, fraction = '', zone, says] = timePattern.exec(text) ?? []
  if (seconds === undefined || says === undefined || zone === undefined) return { at: '', says: text }
  if (zone === 'Z') return { at: `${seconds}.${fraction.padEnd(9, '0')}Z`, says }
  const whole = new Date(`${seconds}${zone}`)
  if (Number.isNaN(whole.getTime())) return { at: '', says: text }
  return { at: `${whole.toISOString().slice(0, 19)}.${fraction.padEnd(9, '0')}Z`, says }
}
