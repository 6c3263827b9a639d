/** How Next, React and undici begin to say that they can't read what a client sent. */
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
 * Tells a client's mistake from ours, so that nobody fills the log with errors from outside. No action of ours throws
 * (run-safely.ts), so a syntax error in a POST is one of its body.
 */
export function isMalformedRequest(error: unknown, method: string): boolean {
  if (!(error instanceof Error)) return false
  if (error instanceof URIError) return true
  if (error instanceof SyntaxError) return method === 'POST'
  return unreadable.some((beginning) => error.message.startsWith(beginning))
}
