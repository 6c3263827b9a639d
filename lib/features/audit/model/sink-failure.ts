/** Why a place that the trail is delivered to didn’t take events: a kind, and what came with it. */
export type SinkFailure =
  | { kind: 'http'; status: number }
  | { kind: 'certificate'; code: string }
  | { kind: 'timeout' | 'unreachable' | 'closed' | 'unconfirmed' | 'files'; code: string }

/** The codes of Node’s and OpenSSL’s that say that the other side’s certificate, or ours, isn’t accepted. */
const aboutCertificates =
  /^(CERT_|ERR_TLS_CERT|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|ERR_SSL_.*(CERT|UNKNOWN_CA))/
const unreachable = ['ENOTFOUND', 'EAI_AGAIN', 'ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL']

/** @returns what an error of a connection means. Its message is left out: it may hold what was sent. */
export function failureOf(error: unknown): SinkFailure {
  const { code: given, name } = Object(error)
  const code = String(typeof given === 'string' ? given : name).slice(0, 60)
  if (aboutCertificates.test(code)) return { kind: 'certificate', code }
  if (unreachable.includes(code)) return { kind: 'unreachable', code }
  if (/TIMEOUT|TIMEDOUT|ABORT/i.test(code)) return { kind: 'timeout', code }
  return { kind: 'closed', code }
}

/** @returns as the database keeps it */
export const textOfFailure = (failure: SinkFailure): string =>
  `${failure.kind}:${failure.kind === 'http' ? failure.status : failure.code}`

const sentences: Readonly<Record<string, string>> = {
  certificate: 'A certificate isn’t trusted',
  timeout: 'There was no answer in time',
  unreachable: 'It can’t be reached',
  closed: 'The connection broke',
  unconfirmed: 'It didn’t confirm the end of the connection, so the messages may be lost',
  files: 'A file with a certificate or a key can’t be read',
}

/** @param text of `textOfFailure`. @returns a sentence without its full stop */
export function failureInWords(text: string): string {
  const [kind = '', code = ''] = text.split(':')
  if (kind !== 'http') return `${sentences[kind] ?? 'It failed'}${code === '' ? '' : ` (${code})`}`
  const status = Number(code)
  if (status >= 300 && status < 400) return `It answered with a redirect (HTTP ${code}), which isn’t followed`
  if (status === 401 || status === 403) return `It refused the token or signature (HTTP ${code})`
  if (status === 429) return 'It asked for a slower pace (HTTP 429)'
  return `It ${status >= 500 ? 'failed' : 'refused the events'} (HTTP ${code})`
}
