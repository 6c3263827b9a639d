import type { Adapter } from 'next-auth/adapters'
import { signInFlow } from '#lib/auth/sign-in/sign-in-flow.ts'

/** Issuer and subject as next-auth's single account id. No URL contains a space. */
export const accountId = (issuer: string, subject: string): string => `${issuer} ${subject}`

/**
 * Limits next-auth to the people and sessions that admit-person.ts stored. It never links an account to another person,
 * by email or by an open session.
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
    throw new Error(`next-auth must not ${what}`)
  }
  return {
    createUser: never('create people'),
    updateUser: never('change people'),
    linkAccount: never('link accounts'),
    updateSession: never('prolong sessions'),
    deleteSession: never('end sessions'),
    getUser: async () => null,
    getUserByEmail: async () => null,
    // The old session has already ended: every sign-in begins a new one.
    getSessionAndUser: async () => null,
    /** The person admitted in this request, or none. */
    async getUserByAccount({ providerAccountId }) {
      const { admitted } = signInFlow()
      if (admitted?.accountId !== providerAccountId) return null
      return { id: admitted.userId, name: admitted.name, email: admitted.email, emailVerified: null }
    },
    /** Already stored, with its trail entry. */
    async createSession({ sessionToken, userId }) {
      const { admitted } = signInFlow()
      if (admitted?.userId !== userId || admitted.token !== sessionToken)
        throw new Error('a session for someone who was not admitted')
      return { sessionToken, userId, expires: admitted.cookieEndsAt }
    },
  }
}

/**
 * @returns the token of the stored session
 * @throws Error if no one was admitted
 */
export function admittedToken(): string {
  const { admitted } = signInFlow()
  if (!admitted) throw new Error('a session for someone who was not admitted')
  return admitted.token
}
