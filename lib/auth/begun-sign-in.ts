import { decode } from 'next-auth/jwt'
import type { AuthServices } from './auth-services.ts'
import { cookiesFor, type RequestCookies } from './cookie-names.ts'

/** @returns whether this browser carries an unexpired sign-in that we began: its state, sealed with our secret */
export async function hasBegunSignIn(
  { settings }: Pick<AuthServices, 'settings'>,
  cookies: RequestCookies,
): Promise<boolean> {
  const { name } = cookiesFor(settings.origin).state
  const token = cookies[name]
  if (token === undefined) return false
  try {
    return typeof (await decode({ token, secret: settings.secret, salt: name }))?.value === 'string'
  } catch {
    return false
  }
}
