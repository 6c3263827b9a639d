/** Beginnings of the error messages of Next, React and undici about unreadable requests. */
const unreadable = [
  'Failed to parse body as FormData',
  'Failed to find Server Action',
  'Invalid Server Actions request',
  'The Server Reference ID did not match',
  'The router state header was sent but could not be parsed',
  'Unexpected end of form',
  'Unexpected end of multipart data',
  'Malformed part header',
  'Multipart: Boundary not found',
]

/**
 * Distinguishes a client's mistake from an internal error, so that outsiders can't flood the log with errors. The
 * portal's actions never throw (run-safely.ts), so a syntax error in a POST comes from its body.
 */
export function isMalformedRequest(error: unknown, method: string): boolean {
  if (!(error instanceof Error)) return false
  if (error instanceof URIError) return true
  if (error instanceof SyntaxError) return method === 'POST'
  return unreadable.some((beginning) => error.message.startsWith(beginning))
}
