import { randomUUID } from 'node:crypto'
import { type Db, Prisma, type Tx } from '#lib/kernel/db/client.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import { runSql } from '#lib/kernel/db/run-sql.ts'

export type NewSession = {
  tokenHash: Uint8Array<ArrayBuffer>
  userId: string
  at: Date
  expiresAt: Date
  providerSid: string | null
  idToken: string | null
  providerTokens: string | null
  /** When the person authenticated at the provider; null: it didn’t say. */
  authenticatedAt: Date | null
  sourceAddress: string | null
  userAgent: string | null
}

/** Adds a browser session, in the transaction that records the sign-in in the trail. */
export async function insertSession(tx: Tx, { at, ...session }: NewSession): Promise<void> {
  await tx.session.create({ data: { id: randomUUID(), createdAt: at, lastSeenAt: at, recheckedAt: at, ...session } })
}

/** Records that a session was used. An ended session stays ended. */
export async function touchSession(pool: Pool, id: string, at: Date): Promise<void> {
  await runSql(
    pool,
    Prisma.sql`/* kept plan: touch-session */ UPDATE session SET last_seen_at = ${at} WHERE id = ${id}::uuid AND last_seen_at < ${at}`,
  )
}

/**
 * Replaces the provider's tokens of a session, unless it has ended in the meantime.
 * @param sealed null: remove them
 */
export async function updateProviderTokens(db: Db, sessionId: string, sealed: string | null): Promise<void> {
  await db.$executeRaw`
    UPDATE session SET provider_tokens = ${sealed} WHERE id = ${sessionId}::uuid AND expires_at > created_at`
}

/** @returns the issuer of a session's person, even if the session has expired; null: there is no such session */
export async function findIssuerOfSession(db: Db, tokenHash: Uint8Array<ArrayBuffer>): Promise<string | null> {
  const session = await db.session.findUnique({ where: { tokenHash }, select: { user: { select: { issuer: true } } } })
  return session?.user.issuer ?? null
}
