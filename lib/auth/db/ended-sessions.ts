import { type Db, Prisma, type Tx } from '#lib/kernel/db/client.ts'
import { type Blocked, inUnblockedTransaction } from '#lib/kernel/db/end-blockers.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import { runSql } from '#lib/kernel/db/run-sql.ts'

/** Removes some sessions that ended before the given times; every sign-in cleans up a few. */
export async function deleteEndedSessions(db: Db, before: { expired: Date; lastSeen: Date }): Promise<void> {
  await db.$executeRaw`
    DELETE FROM session WHERE id IN (
      SELECT id FROM session WHERE expires_at <= ${before.expired} OR last_seen_at <= ${before.lastSeen}
      LIMIT 100 FOR UPDATE SKIP LOCKED)`
}

/** Ends the browser's previous session, in the transaction that creates the new one. */
export async function deleteReplacedSession(tx: Tx, tokenHash: Uint8Array<ArrayBuffer>): Promise<void> {
  await tx.session.deleteMany({ where: { tokenHash } })
}

export type EndedSession = {
  id: string
  expiresAt: Date
  lastSeenAt: Date
  providerSid: string | null
  /** The provider's ID token, encrypted (lib/auth/provider/encrypted-hint.ts). */
  idToken: string | null
  user: { id: string; handle: string; name: string; issuer: string }
}

/** @returns the removed session; null: there was none */
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

export async function deleteSessionRow(pool: Pool, id: string): Promise<void> {
  await runSql(pool, Prisma.sql`DELETE FROM session WHERE id = ${id}::uuid`)
}

/** `sub`: from the logout token, whichever claim identifies people here. */
type LogoutTarget = { issuer: string; sid?: string | undefined; sub?: string | undefined }

export type EndedAtProvider = { id: string; handle: string; name: string; sessions: number; credentials: string[] }

/**
 * Ends the sessions that a provider's logout names, by its session id, the person, or both. A session id also ends the
 * person's sessions that were stored without one, since any of them may be meant.
 * @param at when to revoke the person's credentials if the logout names only the person; null keeps credentials
 * @returns each person with ended sessions or credentials, once
 */
export async function deleteProviderSessions(
  tx: Tx,
  { issuer, sid = null, sub = null }: { [K in keyof LogoutTarget]: LogoutTarget[K] | null },
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
 * Marks a session as ended at its creation, so that it stays ended even if the clock is set back. The row is kept for
 * the sign-out at the provider, without the provider's tokens.
 */
export async function expireSession(pool: Pool, id: string): Promise<void> {
  await runSql(
    pool,
    Prisma.sql`
    UPDATE session SET expires_at = created_at, provider_tokens = NULL WHERE id = ${id}::uuid AND expires_at > created_at`,
  )
}

/**
 * Ends a session that the provider no longer confirms. The row is kept for the sign-out at the provider.
 * @returns false: it had already ended
 */
export async function endRefusedSession(tx: Tx, id: string): Promise<boolean> {
  const count = await tx.$executeRaw`
    UPDATE session SET expires_at = created_at, provider_tokens = NULL WHERE id = ${id}::uuid AND expires_at > created_at`
  return count > 0
}
