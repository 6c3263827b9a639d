import { type Db, Prisma } from '#lib/kernel/db/client.ts'

export type DueSession = {
  tokenHash: Uint8Array
  /** Sealed: lib/auth/provider/provider-tokens.ts */
  providerTokens: string
  user: {
    id: string
    issuer: string
    subject: string
    /** The claim of ID tokens that the subject is. */
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
 * Takes on asking the provider about the person of a session, so that no other process does at the same time.
 * @param before only if the provider was last asked at this instant or earlier
 * @returns null: there is no need, somebody else asks, or the session has nothing to ask with
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

/** Lets the provider be asked about a session again as if it had last been asked at another instant. */
export async function postponeRecheck(db: Db, sessionId: string, askedAt: Date): Promise<void> {
  await db.$executeRaw`UPDATE session SET rechecked_at = ${askedAt} WHERE id = ${sessionId}::uuid`
}
