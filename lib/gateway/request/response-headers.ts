/**
 * The header fields of the API server's answer that the client gets. Must never let through: hop-by-hop fields (RFC
 * 9110, section 7.6.1), cookies, and fields about the API server's own origin.
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

/**
 * @param fields of the API server's answer: alternating lower-case names and values
 * @param sized false: the length of the body may change
 * @returns alternating names and values, for `writeHead`
 */
export function readResponseHeaders(fields: readonly string[], requestId: string, sized: boolean): string[] {
  const kept: string[] = ['X-Request-Id', requestId]
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const name = fields[at] ?? ''
    if (!dropped.has(name) && (sized || name !== 'content-length')) kept.push(name, fields[at + 1] ?? '')
  }
  return kept
}

/** @param name in lower case */
export function valuesOf(fields: readonly string[], name: string): string[] {
  const values: string[] = []
  for (let at = 0; at + 1 < fields.length; at += 2) if (fields[at] === name) values.push(fields[at + 1] ?? '')
  return values
}
