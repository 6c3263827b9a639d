import { isLoopback } from './is-loopback.ts'

/** The driver takes each of these as verify-full (pg-connection-string, as long as nobody asks for libpq’s ways). */
const verifying = ['verify-full', 'verify-ca', 'require', 'prefer']

/**
 * Reads a URL as the driver does (pg-connection-string).
 * @returns whether what goes to that Postgres can be read and changed by nobody on the way: its certificate is verified, or
 *   it is on this very machine, or the operator wrote `sslmode=disable`
 */
export function isSafeDatabaseUrl(text: string): boolean {
  const url = URL.parse(text)
  if (url?.protocol !== 'postgres:' && url?.protocol !== 'postgresql:') return false
  const { searchParams: said } = url
  // Of what is said twice the driver takes the last, whatever it looks like to people.
  if (['host', 'sslmode', 'ssl', 'uselibpqcompat'].some((name) => said.getAll(name).length > 1)) return false
  if (said.get('uselibpqcompat') === 'true') return false
  const [mode, ssl] = [said.get('sslmode'), said.get('ssl')]
  if (ssl !== null && ssl !== 'true') return false
  if (mode === null) return ssl === 'true' || isHere(said.get('host') || url.hostname)
  return mode === 'disable' || verifying.includes(mode)
}

/** @param encoded a name or address; a path is a socket on this machine. None at all is whatever the environment says. */
function isHere(encoded: string): boolean {
  let host: string
  try {
    host = decodeURIComponent(encoded)
  } catch {
    return false
  }
  return host.startsWith('/') || isLoopback(host)
}
