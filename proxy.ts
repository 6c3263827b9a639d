import { NextResponse } from 'next/server'
import { securityHeaders } from '#lib/web/request/security-headers.ts'

/**
 * Refuses requests that arrived before this process could add their id, nonce and headers
 * (lib/web/request/decorate-requests.ts), because the port opens a moment earlier. A client that sends the header below
 * gets past this, but not to any person's page: lib/web/request/own-requests.ts recognises what this process wrote.
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
