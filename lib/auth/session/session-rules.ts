import { createHash } from 'node:crypto'
import { sessionIdleMs } from '#lib/kernel/model/people/session-life.ts'

const hour = 3_600_000

/** The longest life of a session (without use, it ends sooner: lib/kernel/model/people/session-life.ts). */
export const sessionLifetimeMs = 8 * hour
/** How long the provider's sign-out hint is kept after the session. */
export const sessionRemainsMs = 24 * hour
/** The shortest interval between two records of its use. */
export const sessionTouchMs = 60_000

export const hashSessionToken = (token: string): Uint8Array<ArrayBuffer> =>
  new Uint8Array(createHash('sha256').update(token).digest())

/** @returns when a session ends without further use */
export const idleEndOf = ({ lastSeenAt }: { lastSeenAt: Date }): Date => new Date(lastSeenAt.getTime() + sessionIdleMs)

export const hasEnded = (session: { expiresAt: Date; lastSeenAt: Date }, now: Date): boolean =>
  session.expiresAt <= now || idleEndOf(session) <= now
