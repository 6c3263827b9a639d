import 'server-only'
import type { AuthServices, RequestOrigin } from '#lib/auth/auth-services.ts'
import { backchannelLogout } from '#lib/auth/backchannel-logout.ts'
import { endSession } from '#lib/auth/end-session.ts'
import { beginSignIn, finishSignIn } from '#lib/auth/handle-sign-in.ts'
import { answerCsrfToken } from '#lib/auth/own-form.ts'
import { redirectTo } from '#lib/auth/read-form.ts'
import { signInSealed } from '#lib/auth/sealed-sign-in.ts'
import { describeFailure } from '#lib/web/action/run-safely.ts'
import { authServices } from '#lib/web/process/auth-services.ts'
import { webConfig } from '#lib/web/process/web-config.ts'
import { requestOrigin } from '#lib/web/request/request-origin.ts'

type Handler = (services: AuthServices, request: Request, origin: RequestOrigin) => Promise<Response>

/** Every route under /api/auth; anything else is not found. */
const handlers: Readonly<Record<string, Handler>> = {
  'POST signin/oidc': beginSignIn,
  'GET callback/oidc': finishSignIn,
  'GET csrf': answerCsrfToken,
  'POST sign-out': endSession,
  'POST backchannel-logout': backchannelLogout,
  'POST sealed': signInSealed,
}

/** @param path what follows /api/auth/ */
export async function answerAuth(request: Request, path: readonly string[]): Promise<Response> {
  const route = `${request.method} ${path.join('/')}`
  const handler = Object.hasOwn(handlers, route) ? handlers[route] : undefined
  if (!handler) return new Response('Not found.', { status: 404, headers: { 'cache-control': 'no-store' } })
  const origin = requestOrigin(request.headers)
  try {
    return await handler(await authServices(), request, origin)
  } catch (error) {
    describeFailure(error, origin.requestId, route)
    const page = Object.hasOwn(failures, route) ? failures[route] : undefined
    if (page === undefined) return Response.json({ requestId: origin.requestId }, { status: 503 })
    return redirectTo(`${webConfig().SPACEPORT_URL}/${page}`, [])
  }
}

/** What the sign-in page shows when a browser's request fails on our side. */
const failures: Readonly<Record<string, string>> = {
  'POST signin/oidc': 'sign-in?error=unavailable',
  'GET callback/oidc': 'sign-in?error=unavailable',
  'POST sealed': 'sign-in/sealed?error=unavailable',
  'POST sign-out': 'sign-in?state=failed',
}
