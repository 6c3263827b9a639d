/**
 * What of the API server's answer the client gets. Must never let through: hop-by-hop fields (RFC 9110, section 7.6.1),
 * cookies, and what speaks for the API server's own origin.
 */
const dropped = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'set-cookie',
  'set-cookie2',
  'alt-svc',
  'strict-transport-security',
  'access-control-allow-origin',
  'access-control-allow-credentials',
  'x-request-id',
])

/** @returns names and values in turn, for `writeHead` */
export function readResponseHeaders(
  headers: Readonly<Record<string, string | string[] | undefined>>,
  requestId: string,
): string[] {
  const kept: string[] = ['X-Request-Id', requestId]
  for (const name in headers) {
    if (dropped.has(name)) continue
    const value = headers[name]
    if (typeof value === 'string') kept.push(name, value)
    else if (value) for (const one of value) kept.push(name, one)
  }
  return kept
}
