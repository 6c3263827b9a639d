import { createHash } from 'node:crypto'
import { canonicalRequest, type RequestPayload } from '#lib/kernel/model/requests/access-request.ts'

/** @returns SHA-256 (hex) of payload, requester and reason */
export const requestHash = (requesterId: string, what: RequestPayload, reason: string): string =>
  createHash('sha256')
    .update(canonicalRequest(requesterId, what, reason))
    .digest('hex')
