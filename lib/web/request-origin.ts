import 'server-only'
import { randomUUID } from 'node:crypto'
import type { Origin } from '../broker/context.ts'
import { parseSourceAddress } from './source-address.ts'
import { webConfig } from './web-config.ts'

const longestUserAgent = 300
const idShape = /^[A-Za-z0-9-]{8,64}$/

/** @returns where a request came from and its id (given by dress-requests.ts) */
export function requestOrigin(headers: Headers): Origin {
  const given = headers.get('x-request-id') ?? ''
  return {
    observer: 'web',
    requestId: idShape.test(given) ? given : randomUUID(),
    sourceAddress: parseSourceAddress(headers.get('x-forwarded-for'), webConfig().SPACEPORT_TRUSTED_HOPS),
    userAgent: headers.get('user-agent')?.slice(0, longestUserAgent) ?? undefined,
  }
}
