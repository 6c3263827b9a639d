import { findIssuerOfSession } from '#lib/db/find-issuer-of-session.ts'
import type { AuthServices, RequestOrigin } from './auth-services.ts'
import { servicesOfIssuer } from './choose-provider.ts'
import { cookiesFor, parseCookies } from './cookie-names.ts'
import { beginSignIn } from './handle-sign-in.ts'
import { hashSessionToken } from './session-rules.ts'

/** `POST /api/auth/signin/again`: sends somebody who is signed in to their own provider, be it the main one or not. */
export async function signInAgain(services: AuthServices, request: Request, origin: RequestOrigin): Promise<Response> {
  const cookies = parseCookies(request.headers.get('cookie'))
  const token = cookies[cookiesFor(services.settings.origin).sessionToken.name]
  const issuer = token === undefined ? null : await findIssuerOfSession(services.db, hashSessionToken(token))
  const own = issuer === null ? null : servicesOfIssuer(services, issuer)
  return beginSignIn(own ?? services, request, origin)
}
