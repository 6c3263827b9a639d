import { decode } from 'next-auth/jwt'
import type { AuthServices } from './auth-services.ts'
import { cookiesFor, type RequestCookies } from './cookie-names.ts'
import { openWithEither } from './session-secrets.ts'

/** @returns the secret that sealed the unexpired sign-in which this browser carries; null: we began none in it */
export async function findBegunSignIn(
  { settings }: Pick<AuthServices, 'settings'>,
  cookies: RequestCookies,
): Promise<string | null> {
  const { name } = cookiesFor(settings.origin).state
  const token = cookies[name]
  if (token === undefined) return null
  return openWithEither(settings, async (secret) => {
    try {
      return typeof (await decode({ token, secret, salt: name }))?.value === 'string' ? secret : null
    } catch {
      return null
    }
  })
}
