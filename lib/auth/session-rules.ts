import { createHash } from 'node:crypto'

const hour = 3_600_000

/** A session ends after so long, whatever happens, … */
export const sessionLifetimeMs = 8 * hour
/** … and when it was not used for so long. */
export const sessionIdleMs = hour
/** What is left of it, the hint for the provider's sign-out, is kept so long. */
export const sessionRemainsMs = 24 * hour
/** Its last use is written down at most this often. */
export const sessionTouchMs = 60_000

/** @returns what is kept of a session's token */
export const hashSessionToken = (token: string): Uint8Array<ArrayBuffer> =>
  new Uint8Array(createHash('sha256').update(token).digest())

/** @returns whether a session is over by the clock */
export const hasEnded = (session: { expiresAt: Date; lastSeenAt: Date }, now: Date): boolean =>
  session.expiresAt <= now || now.getTime() - session.lastSeenAt.getTime() >= sessionIdleMs
