import { randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { processValue } from '#lib/observability/process-value.ts'

/**
 * Distinguishes what this process wrote on a request from what a client wrote. Next also sends requests to this process
 * itself (a forwarded action, the page after a redirect) and copies all headers onto them: those carry the proof too.
 */
const header = 'x-spaceport-proof'

/** Random per process. It is on requests only, never on an answer. */
const proof = (): string => processValue('request-proof', () => randomBytes(32).toString('base64url'))

/** Marks a request's headers as written by this process. */
export function markAsOwn(headers: IncomingHttpHeaders): void {
  headers[header] = proof()
}

/** @returns whether this process wrote the headers that only it may write */
export function isOwn(headers: Headers | IncomingHttpHeaders): boolean {
  const given = headers instanceof Headers ? headers.get(header) : headers[header]
  if (typeof given !== 'string') return false
  const [one, other] = [Buffer.from(given), Buffer.from(proof())]
  return one.length === other.length && timingSafeEqual(one, other)
}
