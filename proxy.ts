import { NextResponse } from 'next/server'
import { securityHeaders } from '#lib/web/request/security-headers.ts'

/**
 * Gets only what arrived before this process gave its requests their id, nonce and headers (lib/web/request/decorate-requests.ts):
 * the port is open a moment earlier. Nothing is answered without them. A client that writes the header below itself gets
 * past this, and nobody's page: lib/web/request/own-requests.ts knows what this process wrote.
 */
export const proxy = (): NextResponse =>
  new NextResponse('Spaceport is starting. Try again in a moment.\n', {
    status: 503,
    headers: { 'retry-after': '1', 'cache-control': 'no-store', ...securityHeaders(false) },
  })

export const config = {
  matcher: [
    {
      source: '/:path*',
      missing: [{ type: 'header', key: 'x-spaceport-proof' }],
    },
  ],
}
