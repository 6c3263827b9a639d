import 'server-only'
import { randomUUID } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import type { Duplex } from 'node:stream'
import { noteForwarded } from '#lib/web/process/forwarded.ts'
import { markAsOwn } from './own-requests.ts'

/**
 * Gives a request from outside its id and its source, in headers that only this process may set: what a client wrote
 * there isn't trusted.
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
  // The socket's address goes to the end, as a reverse proxy would put it there (parseSourceAddress).
  const given = headers['x-forwarded-for']
  if (given !== undefined) noteForwarded()
  const hops = given === undefined ? [] : [given].flat()
  headers['x-forwarded-for'] = [...hops, socket.remoteAddress ?? 'unknown'].join(', ')
}
