import { randomBytes, randomUUID } from 'node:crypto'
import { type NextRequest, NextResponse } from 'next/server'
import { isDevelopment } from '#lib/config/development.ts'
import { contentSecurityPolicy } from '#lib/web/content-security-policy.ts'
import { formTargets } from '#lib/web/form-targets.ts'
import { securityHeaders } from '#lib/web/security-headers.ts'
import { webConfig } from '#lib/web/web-config.ts'

/**
 * Gives each request its id and each answer its headers. No decision about who may do what is made here: pages and
 * actions make it themselves, and work the same without this.
 */
export async function proxy(request: NextRequest): Promise<NextResponse> {
  const https = webConfig().SPACEPORT_URL.startsWith('https:')
  const requestId = randomUUID()
  const { pathname, search } = request.nextUrl
  const headers = new Headers(request.headers)
  headers.set('x-request-id', requestId)
  headers.set('x-spaceport-path', `${pathname}${search}`)
  headers.delete('x-nonce')
  headers.delete('content-security-policy')
  const answer: Record<string, string> = {
    'x-request-id': requestId,
    'cache-control': 'no-store',
    ...securityHeaders(https),
  }
  if (!pathname.startsWith('/api/')) {
    const nonce = randomBytes(16).toString('base64')
    const policy = contentSecurityPolicy({
      nonce,
      formTargets: await formTargets(),
      https,
      development: isDevelopment(),
    })
    // Next reads the nonce for its own scripts from the request's policy.
    headers.set('content-security-policy', policy)
    headers.set('x-nonce', nonce)
    answer['content-security-policy'] = policy
  } else {
    answer['content-security-policy'] = `default-src 'none'; frame-ancestors 'none'`
  }
  const response = NextResponse.next({ request: { headers } })
  for (const [name, value] of Object.entries(answer)) response.headers.set(name, value)
  return response
}

export const config = { matcher: ['/((?!_next/static/|_next/image|favicon.ico$|icon.svg$).*)'] }
