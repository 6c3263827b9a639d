import { randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { processValue } from '#lib/observability/process-value.ts'

/**
 * Marks headers written by this process, to distinguish them from a client's. Next also sends requests to this process
 * (a forwarded action, the page after a redirect) and copies all headers, including the mark.
 */
const header = 'x-spaceport-proof'

/** Random per process. Only on requests, never on a response. */
const proof = (): string => processValue('request-proof', () => randomBytes(32).toString('base64url'))

/** Marks a request's headers as written by this process. */
export function markAsOwn(headers: IncomingHttpHeaders): void {
  headers[header] = proof()
}

/** @returns whether this process wrote the headers reserved for it */
export function isOwn(headers: Headers | IncomingHttpHeaders): boolean {
  const given = headers instanceof Headers ? headers.get(header) : headers[header]
  if (typeof given !== 'string') return false
  const [one, other] = [Buffer.from(given), Buffer.from(proof())]
  return one.length === other.length && timingSafeEqual(one, other)
}
