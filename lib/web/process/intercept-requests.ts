import { subscribe } from 'node:diagnostics_channel'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'

type Started = { server: Server }

/**
 * Lets a function handle each request before Next. Next's server has no hook for that, so its listener is replaced when
 * Node announces the server's first request.
 * @param admit answers the request itself, or returns true to pass it to Next
 */
export function interceptRequests(admit: (request: IncomingMessage, response: ServerResponse) => boolean): void {
  const known = new WeakSet<Server>()
  subscribe('http.server.request.start', (message) => {
    const { server } = message as Started
    if (known.has(server)) return
    known.add(server)
    const behind = server.listeners('request')
    server.removeAllListeners('request')
    const passOn = (request: IncomingMessage, response: ServerResponse) => {
      for (const listener of behind) Reflect.apply(listener, server, [request, response])
    }
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      if (admit(request, response)) passOn(request, response)
    })
    // Node would ask the client for a body that is about to be refused.
    server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
      if (!admit(request, response)) return
      response.writeContinue()
      passOn(request, response)
    })
  })
}
