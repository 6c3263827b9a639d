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

/** Our tokens are 43 base64url characters; anything else is not worth a query. */
const tokenShape = /^[A-Za-z0-9_-]{43}$/

/**
 * Checks a session's token against the database, every time. An expired session is useless and stays expired; a
 * deactivated person's is removed.
 * @param issuer the configured provider, without trailing slashes: only its groups give platform roles
 * @param touch whether this counts as a use; what a page does by itself doesn't
 * @returns null when nobody is signed in with it
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
