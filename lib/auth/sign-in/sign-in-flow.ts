import { AsyncLocalStorage } from 'node:async_hooks'
import type { RequestOrigin } from '#lib/auth/auth-services.ts'
import type { GroupsFrom } from '#lib/auth/provider/collect-claims.ts'
import type { Identity } from '#lib/auth/provider/parse-identity.ts'
import type { ProviderTokens } from '#lib/auth/provider/provider-tokens.ts'
import type { SignInError } from '#lib/kernel/model/people/sign-in-error.ts'

/**
 * What a sign-in's request carries through next-auth, which passes neither the id_token nor the request to the code
 * that creates the session.
 */
export type SignInFlow = {
  origin: RequestOrigin
  /** The session that the browser had; it ends when another begins. */
  oldToken: string | undefined
  /** Why it failed, once that is known. */
  failure?: SignInError
  /** Whether the trail already has the failure, with the person's name. */
  isRecorded?: boolean
  /** Which of the provider's answers listed the groups; null: none did. */
  groupsFrom?: GroupsFrom
  tokens?: Omit<ProviderTokens, 'groupsFrom'>
  /** Whether the person was to prove who they are, and when they last did (`auth_time` of the ID token, as it is). */
  wantsFresh?: boolean
  authTime?: unknown
  /** Who signs in, as the verified ID token says; null: it doesn’t say. */
  identity?: Identity | null
  /** The person whom the provider's answer admitted, and their stored session. */
  admitted?: { accountId: string; userId: string; name: string; email: string; token: string; keptUntil: Date }
}

const storage = new AsyncLocalStorage<SignInFlow>()

/** Runs a sign-in's request with what it carries. */
export const withSignInFlow = <T>(flow: SignInFlow, run: () => Promise<T>): Promise<T> => storage.run(flow, run)

/** @throws Error outside of a sign-in */
export function signInFlow(): SignInFlow {
  const flow = storage.getStore()
  if (!flow) throw new Error('no sign-in is under way')
  return flow
}

/** @returns the sign-in that is under way, if one is */
export const findSignInFlow = (): SignInFlow | undefined => storage.getStore()
