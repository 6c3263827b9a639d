import type { AuthServices } from '#lib/auth/auth-services.ts'
import { deleteReplacedSession } from '#lib/auth/db/ended-sessions.ts'
import { insertSession } from '#lib/auth/db/sessions.ts'
import { encryptHint } from '#lib/auth/provider/encrypted-hint.ts'
import { encryptTokens, type ProviderTokens } from '#lib/auth/provider/provider-tokens.ts'
import { signInFlow } from '#lib/auth/sign-in/sign-in-flow.ts'
import type { Tx } from '#lib/kernel/db/client.ts'
import { hashSessionToken, sessionLifetimeMs, sessionRemainsMs } from './session-rules.ts'

/** A session that begins when its transaction commits. Its token goes to the browser; only a hash is stored. */
export type StartedSession = {
  token: string
  /** Expiry of the cookie: later than the session's, so that it can still be signed out at the provider. */
  cookieEndsAt: Date
  store(tx: Tx, userId: string): Promise<void>
}

/**
 * Creates a session at sign-in and ends the browser's old one in the same transaction.
 * @param lifetimeMs of the session, even if it is used
 */
export async function beginSession(
  { clock, randomBytes, settings }: AuthServices,
  answer: { sid: string | null; idToken: string | null; tokens: ProviderTokens | null; authenticatedAt: Date | null },
  lifetimeMs = sessionLifetimeMs,
): Promise<StartedSession> {
  const { origin, oldToken } = signInFlow()
  const token = Buffer.from(randomBytes(32)).toString('base64url')
  const at = clock()
  const expiresAt = new Date(at.getTime() + lifetimeMs)
  const tokenHash = hashSessionToken(token)
  const row = {
    tokenHash,
    at,
    expiresAt,
    providerSid: answer.sid,
    authenticatedAt: answer.authenticatedAt,
    idToken: await encryptHint(answer.idToken, settings.secret),
    providerTokens: answer.tokens && (await encryptTokens(answer.tokens, { secret: settings.secret, tokenHash })),
    sourceAddress: origin.sourceAddress ?? null,
    userAgent: origin.userAgent ?? null,
  }
  return {
    token,
    cookieEndsAt: new Date(expiresAt.getTime() + sessionRemainsMs),
    async store(tx, userId) {
      if (oldToken !== undefined) await deleteReplacedSession(tx, hashSessionToken(oldToken))
      await insertSession(tx, { ...row, userId })
    },
  }
}
