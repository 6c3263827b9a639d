import { AsyncLocalStorage } from 'node:async_hooks'
import type { SignInError } from '#lib/domain/sign-in-error.ts'
import type { RequestOrigin } from './auth-services.ts'

/**
 * What one sign-in's request carries through next-auth, which hands neither the id_token nor the request to those who make
 * the session.
 */
export type SignInFlow = {
  origin: RequestOrigin
  /** The session that the browser had; it ends when another begins. */
  oldToken: string | undefined
  /** Why it came to nothing, once that is known. */
  failure?: SignInError
  /** Whom the provider's answer was accepted for, and the session that was stored for them. */
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
