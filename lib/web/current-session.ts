import 'server-only'
import { cookies } from 'next/headers'
import { cache } from 'react'
import { cookiesFor } from '../auth/cookie-names.ts'
import { type LiveSession, readSession } from '../auth/read-session.ts'
import type { Actor } from '../domain/person.ts'
import { services, webConfig } from './services.ts'

/** Who is signed in, asked of the database once per request; null: nobody. */
export const currentSession = cache(async (): Promise<LiveSession | null> => {
  const token = (await cookies()).get(cookiesFor(webConfig().SPACEPORT_URL).sessionToken.name)?.value
  return readSession(await services(), token)
})

/** The person who asks; null when nobody is signed in. */
export async function currentActor(): Promise<Actor | null> {
  return (await currentSession())?.actor ?? null
}
