import type { Tx } from '#lib/kernel/db/client.ts'

type NewSessionCredential = {
  id: string
  userId: string
  sessionId: string
  tokenHash: Uint8Array<ArrayBuffer>
  createdAt: Date
  /** The latest that it may end. */
  until: Date
}

/**
 * Adds the credential of a session, which is held meanwhile: it ends with the session, even with one that is ending now.
 * @returns when it ends; null: the person has no such session
 */
export async function insertSessionCredential(tx: Tx, given: NewSessionCredential): Promise<Date | null> {
  const { id, userId, sessionId, tokenHash, createdAt, until } = given
  const [made] = await tx.$queryRaw<{ endsAt: Date }[]>`
    WITH held AS (
      SELECT s.id, s.expires_at FROM session s
      WHERE s.id = ${sessionId}::uuid AND s.user_id = ${userId}::uuid AND s.expires_at > ${createdAt} FOR KEY SHARE)
    INSERT INTO credential (id, user_id, session_id, token_hash, created_at, ends_at)
    SELECT ${id}::uuid, ${userId}::uuid, held.id, ${tokenHash}, ${createdAt}, least(held.expires_at, ${until}) FROM held
    RETURNING ends_at AS "endsAt"`
  return made?.endsAt ?? null
}
