import 'server-only'
import { randomBytes, randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { isDevelopment } from '#lib/config/development.ts'
import { noteForwarded } from '#lib/web/process/forwarded.ts'
import { standInFront } from '#lib/web/process/stand-in-front.ts'
import { webConfig } from '#lib/web/process/web-config.ts'
import { contentSecurityPolicy } from './content-security-policy.ts'
import { judgeRequest } from './judge-request.ts'
import { isOwn, markAsOwn } from './own-requests.ts'
import { securityHeaders } from './security-headers.ts'

/** Files of the build, whose names change with their content: Next lets browsers keep them. */
const files = /^\/_next\/static\/(?!.*\.\.)[\w./~-]+$/

/**
 * Gives every request of this process its id and every answer its headers before Next sees them, and refuses bodies that
 * no form of ours has and paths that are no text. No decision about who may do what is made here: pages and actions make it themselves, and know
 * nobody on a request that did not come through here (current-session.ts).
 *
 * The same in Next's own place for it (proxy.ts) makes each page a quarter dearer: that one gets a copy of each request,
 * and Next puts the two together again; and it reads bodies into memory. What comes before this stands there ends in
 * proxy.ts.
 */
export function decorateRequests(): void {
  standInFront((request, response) => {
    const { headers } = request
    // What Next sends to this process itself was judged when it came from outside.
    const refusal = isOwn(headers) ? null : judgeRequest(request)
    receive(request, response)
    dress(request, response)
    if (refusal === null) return true
    response.writeHead(refusal.status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${refusal.sentence}\n`)
    return false
  })
}

/**
 * What Next sends to this process itself keeps the id and the source of the request that it was made for, as Next copied
 * them. From everybody else, nothing that only this process may say is believed.
 */
function receive({ headers, socket }: IncomingMessage, response: ServerResponse): void {
  if (isOwn(headers)) {
    // A connection that Next left with the rest of a body would hold up whoever comes next on it.
    response.setHeader('connection', 'close')
    return
  }
  markAsOwn(headers)
  headers['x-request-id'] = randomUUID()
  // The socket's address goes to the end, as a reverse proxy would put it there (parseSourceAddress).
  const given = headers['x-forwarded-for']
  if (given !== undefined) noteForwarded()
  const hops = given === undefined ? [] : [given].flat()
  headers['x-forwarded-for'] = [...hops, socket.remoteAddress ?? 'unknown'].join(', ')
}

function dress({ headers, url: path = '/' }: IncomingMessage, response: ServerResponse): void {
  const https = webConfig().SPACEPORT_URL.startsWith('https:')
  headers['x-spaceport-path'] = path
  delete headers['x-nonce']
  delete headers['content-security-policy']
  response.setHeader('x-request-id', String(headers['x-request-id']))
  if (!files.test(path)) response.setHeader('cache-control', 'no-store')
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
