import { subscribe } from 'node:diagnostics_channel'
import type { Server } from 'node:http'

/**
 * Keeps idle connections longer than the proxy in front, so that the proxy closes them. Otherwise it may send a request
 * on a closing connection, and can’t repeat a POST (RFC 9110, section 9.2.2). Node reads the setting after each
 * response, and adds a second.
 * @param seconds after a response
 */
export function keepIdleConnections(seconds: number): void {
  subscribe('http.server.request.start', (message) => {
    const { server } = message as { server: Server }
    server.keepAliveTimeout = seconds * 1_000
  })
}
