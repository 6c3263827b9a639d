import { type Db, Prisma } from '#lib/kernel/db/client.ts'

export type DueSession = {
  tokenHash: Uint8Array
  /** Encrypted: lib/auth/provider/provider-tokens.ts */
  providerTokens: string
  user: {
    id: string
    issuer: string
    subject: string
    subjectClaim: string
    /** The `sub` of their ID tokens. */
    sub: string
    handle: string
    name: string
    email: string
    emailUnverified: boolean
  }
}

type Row = Omit<DueSession, 'user'> & DueSession['user']

/**
 * Claims the next check of a session's person at the provider, so that only one process does it.
 * @param before claim it only if the last check was at or before this time
 * @returns null: no check is due, another process claimed it, or the session has no tokens for it
 */
export async function claimRecheck(
  db: Db,
  id: string,
  { at, before }: { at: Date; before: Date },
): Promise<DueSession | null> {
  const [row] = await db.$queryRaw<Row[]>(Prisma.sql`
    UPDATE session s SET rechecked_at = ${at} FROM user_account u
    WHERE s.id = ${id}::uuid AND s.rechecked_at <= ${before} AND s.provider_tokens IS NOT NULL AND s.expires_at > ${at}
      AND u.id = s.user_id AND u.deactivated_at IS NULL
    RETURNING s.token_hash AS "tokenHash", s.provider_tokens AS "providerTokens", u.id, u.issuer, u.subject,
      u.subject_claim AS "subjectClaim", coalesce(u.oidc_sub, u.subject) AS sub, u.handle,
      u.name, u.email, u.email_unverified AS "emailUnverified"`)
  if (!row) return null
  const { tokenHash, providerTokens, ...user } = row
  return { tokenHash, providerTokens, user }
}

/** Sets the time of a session's last check, so that the next one is due earlier or later. */
export async function postponeRecheck(db: Db, sessionId: string, askedAt: Date): Promise<void> {
  await db.$executeRaw`UPDATE session SET rechecked_at = ${askedAt} WHERE id = ${sessionId}::uuid`
}
