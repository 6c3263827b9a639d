/** Why a receiver of the trail didn’t accept events: a kind and its details. */
export type SinkFailure =
  | { kind: 'http'; status: number }
  | { kind: 'certificate'; code: string }
  | { kind: 'timeout' | 'unreachable' | 'closed' | 'unconfirmed' | 'files'; code: string }

/** Error codes of Node and OpenSSL for a certificate that either side doesn’t accept. */
const aboutCertificates =
  /^(CERT_|ERR_TLS_CERT|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|ERR_SSL_.*(CERT|UNKNOWN_CA))/
const unreachable = ['ENOTFOUND', 'EAI_AGAIN', 'ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL']

/** @returns the kind of a connection error. The message is left out, because it may contain sent data. */
export function failureOf(error: unknown): SinkFailure {
  const { code: given, name } = Object(error)
  const code = String(typeof given === 'string' ? given : name).slice(0, 60)
  if (aboutCertificates.test(code)) return { kind: 'certificate', code }
  if (unreachable.includes(code)) return { kind: 'unreachable', code }
  if (/TIMEOUT|TIMEDOUT|ABORT/i.test(code)) return { kind: 'timeout', code }
  return { kind: 'closed', code }
}

/** @returns the failure as stored in the database */
export const textOfFailure = (failure: SinkFailure): string =>
  `${failure.kind}:${failure.kind === 'http' ? failure.status : failure.code}`

const sentences: Readonly<Record<string, string>> = {
  certificate: 'A certificate isn’t trusted',
  timeout: 'The receiver didn’t answer in time',
  unreachable: 'The receiver can’t be reached',
  closed: 'The connection broke',
  unconfirmed: 'The receiver didn’t confirm the end of the connection, so messages may be lost',
  files: 'A certificate or key file can’t be read',
}

/**
 * @param text of `textOfFailure`
 * @returns a sentence without its full stop
 */
export function failureInWords(text: string): string {
  const [kind = '', code = ''] = text.split(':')
  if (kind !== 'http') return `${sentences[kind] ?? 'The delivery failed'}${code === '' ? '' : ` (${code})`}`
  const status = Number(code)
  if (status >= 300 && status < 400) return `The receiver answered with a redirect (HTTP ${code}), which isn’t followed`
  if (status === 401 || status === 403) return `The receiver refused the token or signature (HTTP ${code})`
  if (status === 429) return 'The receiver asked to slow down (HTTP 429)'
  return `It ${status >= 500 ? 'failed' : 'refused the events'} (HTTP ${code})`
}
