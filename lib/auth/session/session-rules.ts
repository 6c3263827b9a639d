import { createHash } from 'node:crypto'
import { sessionIdleMs } from '#lib/kernel/model/people/session-life.ts'

const hour = 3_600_000

/** A session ends after this time in any case (without use, sooner: lib/kernel/model/people/session-life.ts). */
export const sessionLifetimeMs = 8 * hour
/** How long its rest, the hint for the provider's sign-out, is kept. */
export const sessionRemainsMs = 24 * hour
/** Its last use is recorded at most this often. */
export const sessionTouchMs = 60_000

/** @returns what is stored of a session's token */
export const hashSessionToken = (token: string): Uint8Array<ArrayBuffer> =>
  new Uint8Array(createHash('sha256').update(token).digest())

/** @returns when a session ends if it isn't used again */
export const idleEndOf = ({ lastSeenAt }: { lastSeenAt: Date }): Date => new Date(lastSeenAt.getTime() + sessionIdleMs)

/** @returns whether a session has expired by the clock */
export const hasEnded = (session: { expiresAt: Date; lastSeenAt: Date }, now: Date): boolean =>
  session.expiresAt <= now || idleEndOf(session) <= now
