import type { AuthServices, RequestOrigin } from '#lib/auth/auth-services.ts'
import { findIssuerOfSession } from '#lib/auth/db/sessions.ts'
import { servicesOfIssuer } from '#lib/auth/provider/choose-provider.ts'
import { cookiesFor, parseCookies } from '#lib/auth/session/cookie-names.ts'
import { hashSessionToken } from '#lib/auth/session/session-rules.ts'
import { beginSignIn } from './handle-sign-in.ts'

/** `POST /api/auth/signin/again`: sends a signed-in person to their own provider. */
export async function signInAgain(services: AuthServices, request: Request, origin: RequestOrigin): Promise<Response> {
  const cookies = parseCookies(request.headers.get('cookie'))
  const token = cookies[cookiesFor(services.settings.origin).sessionToken.name]
  const issuer = token === undefined ? null : await findIssuerOfSession(services.db, hashSessionToken(token))
  const own = issuer === null ? null : servicesOfIssuer(services, issuer)
  return beginSignIn(own ?? services, request, origin)
}
