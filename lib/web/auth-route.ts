import 'server-only'
import type { AuthServices, RequestOrigin } from '../auth/auth-services.ts'
import { backchannelLogout } from '../auth/backchannel-logout.ts'
import { endSession } from '../auth/end-session.ts'
import { beginSignIn, finishSignIn } from '../auth/handle-sign-in.ts'
import { handCsrfToken } from '../auth/own-form.ts'
import { authServices } from './auth-services.ts'
import { requestOrigin } from './request-origin.ts'
import { describeFailure } from './run-safely.ts'
import { webConfig } from './web-config.ts'

type Handler = (services: AuthServices, request: Request, origin: RequestOrigin) => Promise<Response>

/** Everything under /api/auth that answers; whatever is not here is not there. */
const handlers: Readonly<Record<string, Handler>> = {
  'POST signin/oidc': beginSignIn,
  'GET callback/oidc': finishSignIn,
  'GET csrf': handCsrfToken,
  'POST sign-out': endSession,
  'POST backchannel-logout': backchannelLogout,
}

/** @param path what follows /api/auth/ */
export async function answerAuth(request: Request, path: readonly string[]): Promise<Response> {
  const route = `${request.method} ${path.join('/')}`
  const handler = Object.hasOwn(handlers, route) ? handlers[route] : undefined
  if (!handler) return new Response('There is nothing here.', { status: 404, headers: { 'cache-control': 'no-store' } })
  const origin = requestOrigin(request.headers)
  try {
    return await handler(await authServices(), request, origin)
  } catch (error) {
    describeFailure(error, origin.requestId, route)
    if (path[0] !== 'signin' && path[0] !== 'callback')
      return Response.json({ requestId: origin.requestId }, { status: 503 })
    return new Response(null, {
      status: 303,
      headers: { location: `${webConfig().SPACEPORT_URL}/sign-in?error=unavailable`, 'cache-control': 'no-store' },
    })
  }
}
