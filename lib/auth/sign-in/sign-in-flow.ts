import { AsyncLocalStorage } from 'node:async_hooks'
import type { RequestOrigin } from '#lib/auth/auth-services.ts'
import type { GroupsFrom } from '#lib/auth/provider/collect-claims.ts'
import type { Identity } from '#lib/auth/provider/parse-identity.ts'
import type { ProviderTokens } from '#lib/auth/provider/provider-tokens.ts'
import type { SignInError } from '#lib/kernel/model/people/sign-in-error.ts'

/**
 * The state of a sign-in request. next-auth passes neither the id_token nor the request to the code that creates the
 * session.
 */
export type SignInFlow = {
  origin: RequestOrigin
  /** The browser's current session; it ends when another begins. */
  oldToken: string | undefined
  failure?: SignInError
  /** Whether the trail already has the failure, with the person's name. */
  isRecorded?: boolean
  groupsFrom?: GroupsFrom
  tokens?: Omit<ProviderTokens, 'groupsFrom'>
  /**
   * Whether a fresh sign-in was requested, and when the person last authenticated (`auth_time` of the ID token,
   * unparsed).
   */
  wantsFresh?: boolean
  authTime?: unknown
  /** The person, from the verified ID token; null: it doesn’t identify them. */
  identity?: Identity | null
  admitted?: { accountId: string; userId: string; name: string; email: string; token: string; cookieEndsAt: Date }
}

const storage = new AsyncLocalStorage<SignInFlow>()

export const withSignInFlow = <T>(flow: SignInFlow, run: () => Promise<T>): Promise<T> => storage.run(flow, run)

/** @throws Error outside of a sign-in */
export function signInFlow(): SignInFlow {
  const flow = storage.getStore()
  if (!flow) throw new Error('there is no sign-in in this request')
  return flow
}

export const findSignInFlow = (): SignInFlow | undefined => storage.getStore()
