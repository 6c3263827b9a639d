import 'server-only'
import { randomUUID } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import type { Duplex } from 'node:stream'
import { noteForwarded } from '#lib/web/process/forwarded.ts'
import { markAsOwn } from './own-requests.ts'

/**
 * Gives a request from outside its id and source, in headers reserved for this process; a client's own values are not
 * trusted.
 */
export function receiveRequest({
  headers,
  socket,
}: {
  headers: IncomingHttpHeaders
  socket: Duplex & { remoteAddress?: string | undefined }
}): void {
  markAsOwn(headers)
  headers['x-request-id'] = randomUUID()
  // Appends the socket's address, as a reverse proxy would (parseSourceAddress).
  const given = headers['x-forwarded-for']
  if (given !== undefined) noteForwarded()
  const hops = given === undefined ? [] : [given].flat()
  headers['x-forwarded-for'] = [...hops, socket.remoteAddress ?? 'unknown'].join(', ')
}
