import type { Adapter } from 'next-auth/adapters'
import { signInFlow } from '#lib/auth/sign-in/sign-in-flow.ts'

/** Issuer and subject as the single id by which next-auth knows an account. No URL contains a blank. */
export const accountId = (issuer: string, subject: string): string => `${issuer} ${subject}`

/**
 * What next-auth may do with people and sessions: use those that admit-person.ts stored, and nothing else. An account
 * is never linked to another person, neither by e-mail nor by a session that is still open.
 */
export function sessionAdapter(): Required<
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
    // An old session has ended before next-auth asks: signing in begins a new one.
    getSessionAndUser: async () => null,
    /** The person admitted in this very request, or nobody. */
    async getUserByAccount({ providerAccountId }) {
      const { admitted } = signInFlow()
      if (admitted?.accountId !== providerAccountId) return null
      return { id: admitted.userId, name: admitted.name, email: admitted.email, emailVerified: null }
    },
    /** It is already stored, with its row in the trail. */
    async createSession({ sessionToken, userId }) {
      const { admitted } = signInFlow()
      if (admitted?.userId !== userId || admitted.token !== sessionToken)
        throw new Error('a session for someone who was not admitted')
      return { sessionToken, userId, expires: admitted.keptUntil }
    },
  }
}

/** @returns the token of the session that was stored @throws Error when nobody was admitted */
export function admittedToken(): string {
  const { admitted } = signInFlow()
  if (!admitted) throw new Error('a session for someone who was not admitted')
  return admitted.token
}
