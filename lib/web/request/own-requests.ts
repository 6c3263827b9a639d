import { randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { processValue } from '#lib/observability/process-value.ts'

/**
 * What this process wrote on a request must be told from what a client wrote. Next also sends requests to this process
 * itself (a forwarded action, the page after a redirect) and copies all headers onto them: those carry the proof too.
 */
const header = 'x-spaceport-proof'

/** Random per process. It is on requests only, never on an answer. */
const proof = (): string => processValue('request-proof', () => randomBytes(32).toString('base64url'))

/** Says of a request that this process wrote its headers. */
export function markAsOwn(headers: IncomingHttpHeaders): void {
  headers[header] = proof()
}

/** @returns whether the headers that only this process may write are on the request, and from it */
export function isOwn(headers: Headers | IncomingHttpHeaders): boolean {
  const given = headers instanceof Headers ? headers.get(header) : headers[header]
  if (typeof given !== 'string') return false
  const [one, other] = [Buffer.from(given), Buffer.from(proof())]
  return one.length === other.length && timingSafeEqual(one, other)
}
