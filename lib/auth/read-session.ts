import type { Db } from '#lib/db/client.ts'
import { deleteSession } from '#lib/db/delete-session.ts'
import { expireSession } from '#lib/db/expire-session.ts'
import { findSession } from '#lib/db/find-session.ts'
import type { Pool } from '#lib/db/pool.ts'
import { touchSession } from '#lib/db/touch-session.ts'
import type { Actor } from '#lib/domain/person.ts'
import { platformRoleAt } from '#lib/domain/role.ts'
import { hasEnded, hashSessionToken, sessionTouchMs } from './session-rules.ts'

/** A living session: who asks, and until when at the latest. */
export type LiveSession = { id: string; actor: Actor; issuer: string; createdAt: Date; expiresAt: Date }

/** A token of ours is 43 base64url characters; nothing else is worth a question to the database. */
const tokenShape = /^[A-Za-z0-9_-]{43}$/

/**
 * Judges a session's token against the database, each time anew. A session that is over by the clock lets nobody in and
 * stays over; that of a deactivated person is removed.
 * @param issuer the configured provider, without slashes at its end: only its groups give platform roles
 * @param touch whether that counts as a use; what a page does by itself does not
 * @returns null when nobody is signed in by it
 */
export async function readSession(
  { db, pool, clock, issuer: configured }: { db: Db; pool: Pool; clock: () => Date; issuer: string },
  token: string | undefined,
  { touch = true }: { touch?: boolean } = {},
): Promise<LiveSession | null> {
  if (token === undefined || !tokenShape.test(token)) return null
  const hash = hashSessionToken(token)
  const session = await findSession(pool, hash)
  if (!session) return null
  const now = clock()
  if (session.user.deactivated) {
    await deleteSession(db, hash)
    return null
  }
  if (hasEnded(session, now)) {
    await expireSession(db, session.id)
    return null
  }
  if (touch && now.getTime() - session.lastSeenAt.getTime() >= sessionTouchMs) await touchSession(db, session.id, now)
  const { id: userId, handle, name, email, groups, issuer } = session.user
  const platformRole = platformRoleAt(session.user, configured)
  return {
    id: session.id,
    actor: { userId, handle, name, email, platformRole, groups },
    issuer,
    createdAt: session.createdAt,
    expiresAt: session.expiresAt,
  }
}
