import { NextResponse } from 'next/server'
import { securityHeaders } from '#lib/web/security-headers.ts'

/**
 * Gets only what arrived before this process gave its requests their id, nonce and headers (lib/web/dress-requests.ts):
 * the port is open a moment earlier. Nothing is answered without them.
 */
export const proxy = (): NextResponse =>
  new NextResponse('Spaceport is starting. Try again in a moment.\n', {
    status: 503,
    headers: { 'retry-after': '1', 'cache-control': 'no-store', ...securityHeaders(false) },
  })

export const config = {
  matcher: [
    {
      source: '/((?!_next/static/|_next/image$|favicon.ico$|icon.svg$).*)',
      missing: [{ type: 'header', key: 'x-spaceport-path' }],
    },
  ],
}
