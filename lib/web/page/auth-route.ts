import 'server-only'
import type { AuthServices, RequestOrigin } from '#lib/auth/auth-services.ts'
import { signInByBreakGlass } from '#lib/auth/break-glass/sign-in.ts'
import { servicesById } from '#lib/auth/provider/choose-provider.ts'
import { backchannelLogout } from '#lib/auth/session/backchannel-logout.ts'
import { endSession } from '#lib/auth/session/end-session.ts'
import { beginSignIn, finishSignIn } from '#lib/auth/sign-in/handle-sign-in.ts'
import { answerCsrfToken } from '#lib/auth/sign-in/own-form.ts'
import { redirectTo } from '#lib/auth/sign-in/read-form.ts'
import { signInAgain } from '#lib/auth/sign-in/sign-in-again.ts'
import { describeFailure } from '#lib/web/action/run-safely.ts'
import { authServices } from '#lib/web/process/auth-services.ts'
import { identityProviders } from '#lib/web/process/identity-provider.ts'
import { webConfig } from '#lib/web/process/web-config.ts'
import { requestOrigin } from '#lib/web/request/request-origin.ts'

type Handler = (services: AuthServices, request: Request, origin: RequestOrigin) => Promise<Response>

/** The routes under /api/auth except those of the providers; all others are not found. */
const handlers: Readonly<Record<string, Handler>> = {
  'POST signin/again': signInAgain,
  'GET csrf': answerCsrfToken,
  'POST sign-out': endSession,
  'POST backchannel-logout': backchannelLogout,
  'POST break-glass': signInByBreakGlass,
}

const providerHandlers: Readonly<Record<string, Handler>> = { 'POST signin': beginSignIn, 'GET callback': finishSignIn }

export async function answerAuth(request: Request, path: readonly string[]): Promise<Response> {
  const route = `${request.method} ${path.join('/')}`
  const [verb = '', id = '', ...more] = path
  const ofProvider = `${request.method} ${verb}`
  const own = Object.hasOwn(handlers, route) ? handlers[route] : undefined
  const there =
    more.length === 0 && Object.hasOwn(providerHandlers, ofProvider) ? providerHandlers[ofProvider] : undefined
  const isKnown = own !== undefined || (there !== undefined && hasProvider(id))
  if (!isKnown) return new Response('Not found.', { status: 404, headers: { 'cache-control': 'no-store' } })
  const origin = requestOrigin(request.headers)
  try {
    const services = await authServices()
    if (own) return await own(services, request, origin)
    const chosen = servicesById(services, id)
    if (!there || !chosen) throw new Error(`no handler for ${route}`)
    return await there(chosen, request, origin)
  } catch (error) {
    describeFailure(error, origin.requestId, route)
    const page = there ? 'sign-in?error=unavailable' : Object.hasOwn(failures, route) ? failures[route] : undefined
    if (page === undefined) return Response.json({ requestId: origin.requestId }, { status: 503 })
    return redirectTo(`${webConfig().SPACEPORT_URL}/${page}`, [])
  }
}

const hasProvider = (id: string): boolean => identityProviders().some(({ settings }) => settings.id === id)

/** Messages on the sign-in page for internal errors. */
const failures: Readonly<Record<string, string>> = {
  'POST signin/again': 'sign-in?error=unavailable',
  'POST break-glass': 'sign-in/break-glass?error=unavailable',
  'POST sign-out': 'sign-in?state=failed',
}
