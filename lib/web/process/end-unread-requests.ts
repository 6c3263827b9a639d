import { subscribe } from 'node:diagnostics_channel'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

type Finished = { request: IncomingMessage; response: ServerResponse; socket: Socket }

/** How long a client can read its response, in milliseconds; closing a socket with unread data would destroy it. */
const lingerMs = 1_000

/**
 * Closes every connection with a response that completes before its request. The next request would wait behind the unread
 * rest of the body, and on Next's connections to this process, that request may belong to another person.
 */
export function endUnreadRequests(): void {
  subscribe('http.server.response.finish', (message) => {
    const { request, socket } = message as Finished
    if (request.complete || socket.destroyed) return
    request.resume()
    socket.end()
    setTimeout(() => socket.destroy(), lingerMs).unref()
  })
}
