import type { Adapter, AdapterUser } from 'next-auth/adapters'
import { deleteEndedSessions } from '../db/delete-ended-sessions.ts'
import { findPerson } from '../db/find-person.ts'
import { insertSession } from '../db/insert-session.ts'
import type { AuthServices } from './auth-services.ts'
import { sealHint } from './sealed-hint.ts'
import { hashSessionToken, sessionIdleMs, sessionLifetimeMs, sessionRemainsMs } from './session-rules.ts'
import { signInFlow } from './sign-in-flow.ts'

/** Issuer and subject as the one id that next-auth knows an account by. No URL has a blank in it. */
export const accountId = (issuer: string, subject: string): string => `${issuer} ${subject}`

const parseAccountId = (id: string) => {
  const at = id.indexOf(' ')
  return { issuer: id.slice(0, at), subject: id.slice(at + 1) }
}

const asUser = (person: { id: string; name: string; email: string }): AdapterUser => ({
  id: person.id,
  name: person.name,
  email: person.email,
  emailVerified: null,
})

/**
 * What next-auth may do with people and sessions. People are made known in admit-person.ts and nowhere else; an account is
 * never linked to another person, neither by e-mail nor by a session that is still open.
 */
export function sessionAdapter({
  db,
  clock,
  settings,
}: AuthServices): Required<
  Pick<
    Adapter,
    | 'createUser'
    | 'getUser'
    | 'getUserByEmail'
    | 'getUserByAccount'
    | 'updateUser'
    | 'linkAccount'
    | 'createSession'
    | 'getSessionAndUser'
    | 'updateSession'
    | 'deleteSession'
  >
> {
  const never = (what: string) => async (): Promise<never> => {
    throw new Error(`next-auth may not ${what}`)
  }
  return {
    createUser: never('create people'),
    updateUser: never('change people'),
    linkAccount: never('link accounts'),
    updateSession: never('prolong sessions'),
    deleteSession: never('end sessions'),
    getUser: async () => null,
    getUserByEmail: async () => null,
    // A session of before is over by the time that next-auth asks: whoever signs in starts anew.
    getSessionAndUser: async () => null,
    async getUserByAccount({ providerAccountId }) {
      const person = await findPerson(db, parseAccountId(providerAccountId))
      return person && asUser(person)
    },
    async createSession({ sessionToken, userId }) {
      const { admitted, origin } = signInFlow()
      if (!admitted || admitted.userId !== userId) throw new Error('a session for somebody who was not admitted')
      const at = clock()
      const expires = new Date(at.getTime() + sessionLifetimeMs)
      const expired = new Date(at.getTime() - sessionRemainsMs)
      await deleteEndedSessions(db, { expired, lastSeen: new Date(expired.getTime() - sessionIdleMs) })
      await insertSession(db, {
        tokenHash: hashSessionToken(sessionToken),
        userId,
        at,
        expiresAt: expires,
        providerSid: admitted.providerSid,
        idToken: await sealHint(admitted.idToken, settings.secret),
        sourceAddress: origin.sourceAddress ?? null,
        userAgent: origin.userAgent ?? null,
      })
      // Until when the browser keeps the cookie: longer than the session, so that it can still be signed out at the provider.
      return { sessionToken, userId, expires: new Date(expires.getTime() + sessionRemainsMs) }
    },
  }
}
