import 'server-only'
import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { isDevelopment } from '#lib/config/development.ts'
import { renderError, scimType } from '#lib/features/scim/protocol/render-error.ts'
import { interceptRequests } from '#lib/web/process/intercept-requests.ts'
import { webConfig } from '#lib/web/process/web-config.ts'
import { checkRequestHead, isScim, pageAddress } from './check-request-head.ts'
import { contentSecurityPolicy } from './content-security-policy.ts'
import { asksForPage, explainBlankPage } from './explain-blank-page.ts'
import { isOwn } from './own-requests.ts'
import { receiveRequest } from './receive-request.ts'
import { securityHeaders } from './security-headers.ts'
import { answerAsUnreadable } from './unreadable-requests.ts'

/** Files of the build, named after their content: Next lets browsers cache them. */
const files = /^\/_next\/static\/(?!.*\.\.)[\w./~-]+$/

/**
 * Before Next sees a request, sets its id and the response's headers, and refuses bodies larger than any form and paths
 * that aren't valid text. It doesn't authorize: pages and actions do, and treat a request that bypassed it as signed
 * out (current-session.ts).
 * Next's own place for this (proxy.ts) would make each page a quarter slower: it copies each request, merges the copy
 * back, and reads bodies into memory. Requests that arrive before this is set up end in proxy.ts.
 */
export function decorateRequests(): void {
  interceptRequests((request, response) => {
    const { headers, url = '/' } = request
    // Admins may configure provisioning with a trailing slash in the base URL.
    if (isScim(url)) request.url = bareAddress(url)
    // Next's requests to this process were already checked when they arrived from outside.
    const refusal = isOwn(headers) ? null : checkRequestHead(request)
    request.url = pageAddress(request.url ?? '/')
    receive(request, response)
    addHeaders(request, response)
    if (refusal === null) {
      if (asksForPage(request)) explainBlankPage(response)
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
 * Next's requests to this process keep the id and source of the original request. From all others, headers that only
 * this process may set are ignored.
 */
function receive({ headers, socket }: IncomingMessage, response: ServerResponse): void {
  if (isOwn(headers)) {
    // An unread body would block the next request on this connection.
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
 * @returns a URL without doubled or trailing slashes in its path. Next would redirect such a URL, and clients drop
 *   their token on redirects.
 */
function bareAddress(url: string): string {
  const [path = '', ...query] = url.split('?')
  return [path.replace(/\/+/g, '/').replace(/(.)\/$/, '$1'), ...query].join('?')
}
