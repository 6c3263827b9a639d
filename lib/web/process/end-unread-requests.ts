import { subscribe } from 'node:diagnostics_channel'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

type Finished = { request: IncomingMessage; response: ServerResponse; socket: Socket }

/** Milliseconds that a client still has to read its answer, which closing a socket with unread data would destroy. */
const lingerMs = 1_000

/**
 * Ends every connection whose answer is complete before its request is. Its next request would wait behind the rest of
 * a body that nobody reads, and on Next's connections to this process that would be another person's request.
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
