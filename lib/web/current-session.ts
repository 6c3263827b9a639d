import 'server-only'
import { cookies } from 'next/headers'
import { cache } from 'react'
import { cookiesFor } from '../auth/cookie-names.ts'
import { type LiveSession, readSession } from '../auth/read-session.ts'
import type { Actor } from '../domain/person.ts'
import { services } from './services.ts'
import { webConfig } from './web-config.ts'

const readToken = async () => (await cookies()).get(cookiesFor(webConfig().SPACEPORT_URL).sessionToken.name)?.value

/** Who is signed in, asked of the database once per request; null: nobody. */
export const currentSession = cache(async (): Promise<LiveSession | null> => {
  return readSession(await services(), await readToken())
})

/** Whether this browser had a session that is over; a sign-out takes the cookie away. */
export async function hasEndedSession(): Promise<boolean> {
  return (await readToken()) !== undefined && (await currentSession()) === null
}

/** The person who asks; null when nobody is signed in. */
export async function currentActor(): Promise<Actor | null> {
  return (await currentSession())?.actor ?? null
}

/**
 * For what a page does by itself, and for long: a session that is looked at again and again, without counting as used.
 * @returns a function that asks the database anew
 */
export async function watchedSession(): Promise<() => Promise<LiveSession | null>> {
  const [held, token] = [await services(), await readToken()]
  return () => readSession(held, token, { touch: false })
}
