import { isLoopback } from './is-loopback.ts'

/** The driver treats each of these as verify-full (pg-connection-string, unless libpq compatibility is requested). */
const verifying = ['verify-full', 'verify-ca', 'require', 'prefer']

/**
 * Reads a URL as the driver does (pg-connection-string).
 * @returns whether the connection is safe on the network: the certificate is verified, Postgres is on this machine, or
 * the operator accepted the risk with `sslmode=disable`
 */
export function isSafeDatabaseUrl(text: string): boolean {
  const url = URL.parse(text)
  if (url?.protocol !== 'postgres:' && url?.protocol !== 'postgresql:') return false
  const { searchParams: said } = url
  // The driver uses the last of repeated parameters, which readers may overlook.
  if (['host', 'sslmode', 'ssl', 'uselibpqcompat'].some((name) => said.getAll(name).length > 1)) return false
  if (said.get('uselibpqcompat') === 'true') return false
  const [mode, ssl] = [said.get('sslmode'), said.get('ssl')]
  if (ssl !== null && ssl !== 'true') return false
  if (mode === null) return ssl === 'true' || isHere(said.get('host') || url.hostname)
  return mode === 'disable' || verifying.includes(mode)
}

/** @param encoded a name or address; a path is a socket on this machine. If empty, the environment decides. */
function isHere(encoded: string): boolean {
  let host: string
  try {
    host = decodeURIComponent(encoded)
  } catch {
    return false
  }
  return host.startsWith('/') || isLoopback(host)
}
