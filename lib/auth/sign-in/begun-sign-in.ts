import { decode } from 'next-auth/jwt'
import type { AuthServices } from '#lib/auth/auth-services.ts'
import { cookiesFor, type RequestCookies } from '#lib/auth/session/cookie-names.ts'
import { openWithEither } from '#lib/auth/session/session-secrets.ts'

/** @returns the secret that sealed the unexpired sign-in at this provider which the browser carries; null: we began none in it */
export async function findBegunSignIn(
  { settings }: Pick<AuthServices, 'settings'>,
  cookies: RequestCookies,
): Promise<string | null> {
  const { name } = cookiesFor(settings.origin).state
  const token = cookies[name]
  if (token === undefined) return null
  return openWithEither(settings, async (secret) => {
    try {
      const state = await decode({ token, secret, salt: name })
      return typeof state?.value === 'string' && state.provider === settings.id ? secret : null
    } catch {
      return null
    }
  })
}
