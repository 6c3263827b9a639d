import { type Db, Prisma, type Tx } from '#lib/kernel/db/client.ts'
import { type Blocked, inUnblockedTransaction } from '#lib/kernel/db/end-blockers.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import { runSql } from '#lib/kernel/db/run-sql.ts'

/** Removes some of the sessions that ended before an instant; each sign-in cleans up a little. */
export async function deleteEndedSessions(db: Db, before: { expired: Date; lastSeen: Date }): Promise<void> {
  await db.$executeRaw`
    DELETE FROM session WHERE id IN (
      SELECT id FROM session WHERE expires_at <= ${before.expired} OR last_seen_at <= ${before.lastSeen}
      LIMIT 100 FOR UPDATE SKIP LOCKED)`
}

/** Ends the session that a browser had before it signed in again, in the transaction that creates the new one. */
export async function deleteReplacedSession(tx: Tx, tokenHash: Uint8Array<ArrayBuffer>): Promise<void> {
  await tx.session.deleteMany({ where: { tokenHash } })
}

export type EndedSession = {
  id: string
  expiresAt: Date
  lastSeenAt: Date
  providerSid: string | null
  /** The provider's ID token, sealed (lib/auth/provider/encrypted-hint.ts). */
  idToken: string | null
  user: { id: string; handle: string; name: string; issuer: string }
}

/** Removes one session. @returns the removed session; null when there was none */
export async function deleteSession(
  blocked: Blocked,
  tokenHash: Uint8Array<ArrayBuffer>,
): Promise<EndedSession | null> {
  return inUnblockedTransaction(blocked, async (tx) => {
    const session = await tx.session.findUnique({
      where: { tokenHash },
      select: {
        id: true,
        expiresAt: true,
        lastSeenAt: true,
        providerSid: true,
        idToken: true,
        user: { select: { id: true, handle: true, name: true, issuer: true } },
      },
    })
    if (!session) return null
    const { count } = await tx.session.deleteMany({ where: { id: session.id } })
    return count === 0 ? null : session
  })
}

/** Removes one session by its id, if it is still there. */
export async function deleteSessionRow(pool: Pool, id: string): Promise<void> {
  await runSql(pool, Prisma.sql`DELETE FROM session WHERE id = ${id}::uuid`)
}

/** `sub`: of the logout token, whatever claim identifies people here. */
type Named = { issuer: string; sid?: string | undefined; sub?: string | undefined }

export type EndedAtProvider = { id: string; handle: string; name: string; sessions: number; credentials: string[] }

/**
 * Ends what an identity provider says is over: by its own session id, by the person, or by both. With a session id, the
 * person's sessions that were stored without one end too: any of them may be the one meant.
 * @param at when to revoke the person's credentials if the provider names only the person, since everything of theirs
 *   is then over; null keeps credentials
 * @returns the people whose sessions or credentials ended, each once
 */
export async function deleteProviderSessions(
  tx: Tx,
  { issuer, sid = null, sub = null }: { [K in keyof Named]: Named[K] | null },
  at: Date | null,
): Promise<EndedAtProvider[]> {
  if (sid === null && sub === null) return []
  const until = sid === null ? at : null
  return tx.$queryRaw`
    WITH named AS (
      SELECT u.id FROM user_account u WHERE u.issuer = ${issuer}
        AND (${sub}::text IS NULL OR (u.subject = ${sub} AND u.subject_claim = 'sub') OR u.oidc_sub = ${sub})
        AND (${sub}::text IS NOT NULL
          OR EXISTS (SELECT FROM session s WHERE s.user_id = u.id AND s.provider_sid = ${sid}))),
    ended AS (
      DELETE FROM session s USING named n
      WHERE s.user_id = n.id AND (${sid}::text IS NULL OR s.provider_sid IS NULL OR s.provider_sid = ${sid})
      RETURNING s.user_id),
    revoked AS (
      UPDATE credential c SET revoked_at = ${until}::timestamptz FROM named n
      WHERE ${until}::timestamptz IS NOT NULL AND c.user_id = n.id AND c.revoked_at IS NULL AND c.ends_at > ${until}::timestamptz
      RETURNING c.user_id, c.id)
    SELECT u.id, u.handle, u.name,
      (SELECT count(*)::int FROM ended e WHERE e.user_id = u.id) AS sessions,
      ARRAY(SELECT r.id::text FROM revoked r WHERE r.user_id = u.id) AS credentials
    FROM user_account u WHERE u.id IN (SELECT user_id FROM ended UNION SELECT user_id FROM revoked)`
}

/**
 * Records that a session is over, as of its creation, so that it stays over even if the clock is set back. Its row is
 * kept for the sign-out at the provider, and nothing to ask about its person with.
 */
export async function expireSession(pool: Pool, id: string): Promise<void> {
  await runSql(
    pool,
    Prisma.sql`
    UPDATE session SET expires_at = created_at, provider_tokens = NULL WHERE id = ${id}::uuid AND expires_at > created_at`,
  )
}

/**
 * Ends a session whose person the provider no longer vouches for. Its row is kept for the sign-out at the provider.
 * @returns false: it had ended already
 */
export async function endRefusedSession(tx: Tx, id: string): Promise<boolean> {
  const count = await tx.$executeRaw`
    UPDATE session SET expires_at = created_at, provider_tokens = NULL WHERE id = ${id}::uuid AND expires_at > created_at`
  return count > 0
}
