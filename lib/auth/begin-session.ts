import type { Tx } from '#lib/db/client.ts'
import { deleteReplacedSession } from '#lib/db/delete-replaced-session.ts'
import { insertSession } from '#lib/db/insert-session.ts'
import type { AuthServices } from './auth-services.ts'
import { sealHint } from './sealed-hint.ts'
import { hashSessionToken, sessionLifetimeMs, sessionRemainsMs } from './session-rules.ts'
import { signInFlow } from './sign-in-flow.ts'

/** A session that begins with the transaction that stores it. The token is for the browser, and is kept nowhere. */
export type BegunSession = {
  token: string
  /** Until when the browser keeps it: longer than the session, so that it can still be signed out at the provider. */
  keptUntil: Date
  store(tx: Tx, userId: string): Promise<void>
}

/** Makes a session for whoever signs in now; the one that the browser had ends in the same transaction. */
export async function beginSession(
  { clock, randomBytes, settings }: AuthServices,
  answer: { sid: string | null; idToken: string | null },
): Promise<BegunSession> {
  const { origin, oldToken } = signInFlow()
  const token = Buffer.from(randomBytes(32)).toString('base64url')
  const at = clock()
  const expiresAt = new Date(at.getTime() + sessionLifetimeMs)
  const row = {
    tokenHash: hashSessionToken(token),
    at,
    expiresAt,
    providerSid: answer.sid,
    idToken: await sealHint(answer.idToken, settings.secret),
    sourceAddress: origin.sourceAddress ?? null,
    userAgent: origin.userAgent ?? null,
  }
  return {
    token,
    keptUntil: new Date(expiresAt.getTime() + sessionRemainsMs),
    async store(tx, userId) {
      if (oldToken !== undefined) await deleteReplacedSession(tx, hashSessionToken(oldToken))
      await insertSession(tx, { ...row, userId })
    },
  }
}
