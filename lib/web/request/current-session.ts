import 'server-only'
import { cookies, headers } from 'next/headers'
import { cache } from 'react'
import { cookiesFor } from '#lib/auth/cookie-names.ts'
import { type LiveSession, readSession } from '#lib/auth/read-session.ts'
import type { Actor } from '#lib/domain/person.ts'
import { services } from '#lib/web/process/services.ts'
import { webConfig } from '#lib/web/process/web-config.ts'
import { isOwn } from './own-requests.ts'

/** On a request whose answer did not get our headers, nobody is signed in. */
async function readToken(): Promise<string | undefined> {
  const [received, jar] = await Promise.all([headers(), cookies()])
  return isOwn(received) ? jar.get(cookiesFor(webConfig().SPACEPORT_URL).sessionToken.name)?.value : undefined
}

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
