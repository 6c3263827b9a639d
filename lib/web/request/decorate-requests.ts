import 'server-only'
import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { isDevelopment } from '#lib/config/development.ts'
import { renderError, scimType } from '#lib/features/scim/protocol/render-error.ts'
import { interceptRequests } from '#lib/web/process/intercept-requests.ts'
import { webConfig } from '#lib/web/process/web-config.ts'
import { checkRequestHead, isScim, pageAddress } from './check-request-head.ts'
import { contentSecurityPolicy } from './content-security-policy.ts'
import { isOwn } from './own-requests.ts'
import { receiveRequest } from './receive-request.ts'
import { securityHeaders } from './security-headers.ts'
import { answerAsUnreadable } from './unreadable-requests.ts'

/** Files of the build, whose names change with their content: Next lets browsers cache them. */
const files = /^\/_next\/static\/(?!.*\.\.)[\w./~-]+$/

/**
 * Gives every request of this process its id and every answer its headers before Next sees them, and refuses bodies
 * larger than any of our forms and paths that are not valid text. It does not decide who may do what: pages and actions
 * do, and treat a request that did not come through here as signed out (current-session.ts).
 *
 * Doing the same in Next's own place for it (proxy.ts) makes each page a quarter more expensive: the proxy gets a copy
 * of each request, which Next merges back afterwards, and it reads bodies into memory. Requests that come before this
 * is set up end in proxy.ts.
 */
export function decorateRequests(): void {
  interceptRequests((request, response) => {
    const { headers, url = '/' } = request
    // Whoever sets up provisioning may write its base address with a slash at the end.
    if (isScim(url)) request.url = bareAddress(url)
    // What Next sends to this process itself was checked when it came from outside.
    const refusal = isOwn(headers) ? null : checkRequestHead(request)
    request.url = pageAddress(request.url ?? '/')
    receive(request, response)
    addHeaders(request, response)
    if (refusal === null) {
      if (request.method === 'POST') answerAsUnreadable(response, String(headers['x-request-id']))
      return true
    }
    const { status, sentence } = refusal
    const [type, text] = isScim(url)
      ? [scimType, JSON.stringify(renderError(status, sentence))]
      : ['text/plain; charset=utf-8', `${sentence}\n`]
    response.writeHead(status, { 'content-type': type }).end(text)
    return false
  })
}

/**
 * What Next sends to this process itself keeps the id and source of the original request, as Next copied them. From
 * anybody else, headers that only this process may set are not trusted.
 */
function receive({ headers, socket }: IncomingMessage, response: ServerResponse): void {
  if (isOwn(headers)) {
    // A connection that Next left with an unread body would block the next request on it.
    response.setHeader('connection', 'close')
    return
  }
  receiveRequest({ headers, socket })
}

function addHeaders({ headers, url: path = '/' }: IncomingMessage, response: ServerResponse): void {
  const https = webConfig().SPACEPORT_URL.startsWith('https:')
  headers['x-spaceport-path'] = path
  delete headers['x-nonce']
  delete headers['content-security-policy']
  response.setHeader('x-request-id', String(headers['x-request-id']))
  if (!files.test(path)) response.setHeader('cache-control', 'no-store')
  for (const [name, value] of Object.entries(securityHeaders(https))) response.setHeader(name, value)
  if (path.startsWith('/api/') || path.startsWith('/.well-known/') || isScim(path)) {
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

/**
 * @returns an address without doubled or trailing slashes in its path. Next would redirect to it, and clients leave their
 * token behind then.
 */
function bareAddress(url: string): string {
  const [path = '', ...query] = url.split('?')
  return [path.replace(/\/+/g, '/').replace(/(.)\/$/, '$1'), ...query].join('?')
}
