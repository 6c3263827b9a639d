import 'server-only'
import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { observerOf } from '#lib/kernel/model/audit/observer.ts'
import type { Origin } from '#lib/kernel/use-case/context.ts'
import { webConfig } from '#lib/web/process/web-config.ts'
import { isOwn } from './own-requests.ts'
import { parseSourceAddress } from './source-address.ts'

const maxUserAgentLength = 300
const observer = observerOf('web', hostname())

/** @returns a request's source and id from the headers that decorate-requests.ts set; other headers are not trusted */
export function requestOrigin(headers: Headers): Origin {
  const own = isOwn(headers)
  return {
    observer,
    requestId: (own ? headers.get('x-request-id') : null) ?? randomUUID(),
    sourceAddress: own
      ? parseSourceAddress(headers.get('x-forwarded-for'), webConfig().SPACEPORT_TRUSTED_HOPS)
      : undefined,
    userAgent: headers.get('user-agent')?.slice(0, maxUserAgentLength) ?? undefined,
  }
}
