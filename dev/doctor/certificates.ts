import { isIP } from 'node:net'
import { connect, type PeerCertificate } from 'node:tls'
import { bad, doubtful, type Finding, good } from './finding.ts'

export type Shown = { subjects: string; endsAt: Date; fingerprint: string; problem: string | undefined }

/**
 * Reads a server's certificate. Sends nothing, so an untrusted one can be read too.
 * @param ca PEM; undefined: the authorities that Node trusts, with those of NODE_EXTRA_CA_CERTS
 */
export function readCertificate(url: URL, ca: string | undefined, signal: AbortSignal): Promise<Shown> {
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const { promise, resolve, reject } = Promise.withResolvers<Shown>()
  const socket = connect({
    host,
    port: Number(url.port || 443),
    ...(isIP(host) === 0 && { servername: host }),
    ...(ca !== undefined && { ca }),
    // Reports errors instead of failing. `problem` has Node's own verdict, including the name.
    rejectUnauthorized: false,
  })
  const abort = () => socket.destroy(new Error(`no answer from ${url.host}`))
  signal.addEventListener('abort', abort, { once: true })
  socket.once('error', reject)
  socket.once('secureConnect', () => {
    const shown = socket.getPeerCertificate()
    resolve({
      subjects: namesOf(shown),
      endsAt: new Date(shown.valid_to),
      fingerprint: shown.fingerprint256,
      problem: socket.authorized ? undefined : problemOf(socket.authorizationError),
    })
    socket.destroy()
  })
  return promise.finally(() => signal.removeEventListener('abort', abort))
}

const namesOf = ({ subjectaltname }: PeerCertificate) => subjectaltname ?? 'no name'

/** Typed as an Error, but in fact a code. */
const problemOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : String(error)

/** Tools renew certificates weeks before their end. */
const soonDays = 14

/** @param renew what to do about a certificate that can't be used, or soon can't */
export function checkCertificate(whose: string, url: URL, shown: Shown, renew: string, now = Date.now()): Finding {
  const { problem, subjects, endsAt } = shown
  const days = Math.floor((endsAt.getTime() - now) / 86_400_000)
  const day = endsAt.toISOString().slice(0, 10)
  if (problem === 'CERT_HAS_EXPIRED' || endsAt.getTime() < now)
    return bad(`The certificate of ${whose} expired on ${day}`, renew)
  if (problem === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return bad(`The certificate of ${whose} is not for ${url.hostname}, but for ${subjects}`, renew)
  if (problem !== undefined)
    return bad(`The certificate of ${whose} isn’t signed by a trusted authority (${problem})`, renew)
  if (days < soonDays) return doubtful(`The certificate of ${whose} is valid, but only for ${days} more days`, renew)
  return good(`The certificate of ${whose} is valid for ${url.hostname}, for ${days} more days`)
}
