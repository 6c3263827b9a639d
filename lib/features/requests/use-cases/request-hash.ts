import { createHash } from 'node:crypto'
import { canonicalRequest, type RequestPayload } from '#lib/kernel/model/requests/access-request.ts'

export const requestHash = (requesterId: string, what: RequestPayload, reason: string): string =>
  createHash('sha256')
    .update(canonicalRequest(requesterId, what, reason))
    .digest('hex')
