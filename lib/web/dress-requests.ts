import 'server-only'
import { randomBytes, randomUUID } from 'node:crypto'
import { subscribe } from 'node:diagnostics_channel'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { isDevelopment } from '../config/development.ts'
import { contentSecurityPolicy } from './content-security-policy.ts'
import { securityHeaders } from './security-headers.ts'
import { webConfig } from './web-config.ts'

type Started = { request: IncomingMessage; response: ServerResponse }

/** What Next serves from files; next.config.js gives it the one header that matters there. */
const files = /^\/(?:_next\/(?:static\/|image(?:\?|$))|favicon\.ico$|icon\.svg$)/

/**
 * Gives every request of this process its id and every answer its headers, where Node's own HTTP server announces them,
 * before Next sees them. No decision about who may do what is made here: pages and actions make it themselves.
 *
 * The same in Next's own place for it (proxy.ts) makes each page a quarter dearer: that one gets a copy of each request,
 * and Next puts the two together again. What comes before this watches ends in proxy.ts.
 */
export function dressRequests(): void {
  subscribe('http.server.request.start', (message) => {
    const { request, response } = message as Started
    noteSource(request)
    const path = request.url ?? '/'
    if (!files.test(path)) dress(request, response, path)
  })
}

/**
 * The socket's address goes to the end of X-Forwarded-For, as a reverse proxy would put it there. Next passes on what
 * the client wrote, which proves nothing (parseSourceAddress).
 */
function noteSource({ headers, socket }: IncomingMessage): void {
  const given = headers['x-forwarded-for']
  const hops = given === undefined ? [] : [given].flat()
  headers['x-forwarded-for'] = [...hops, socket.remoteAddress ?? 'unknown'].join(', ')
}

function dress({ headers }: IncomingMessage, response: ServerResponse, path: string): void {
  const https = webConfig().SPACEPORT_URL.startsWith('https:')
  const requestId = randomUUID()
  headers['x-request-id'] = requestId
  headers['x-spaceport-path'] = path
  delete headers['x-nonce']
  delete headers['content-security-policy']
  response.setHeader('x-request-id', requestId)
  response.setHeader('cache-control', 'no-store')
  for (const [name, value] of Object.entries(securityHeaders(https))) response.setHeader(name, value)
  if (path.startsWith('/api/')) {
    response.setHeader('content-security-policy', `default-src 'none'; frame-ancestors 'none'`)
    return
  }
  const nonce = randomBytes(16).toString('base64')
  const policy = contentSecurityPolicy({ nonce, https, development: isDevelopment() })
  // Next reads the nonce for its own scripts from the request's policy.
  headers['content-security-policy'] = policy
  headers['x-nonce'] = nonce
  response.setHeader('content-security-policy', policy)
}
