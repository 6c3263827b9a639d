import { type Db, Prisma, type Tx } from '#lib/kernel/db/client.ts'
import { credentialUseJoin, lastUseColumns } from '#lib/kernel/db/credentials/credential-use-sql.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import { runSql } from '#lib/kernel/db/run-sql.ts'

/**
 * @returns the binding of a person’s kubeconfig credential, and when it was revoked; null when they have no such
 * credential
 */
export const findCredential = (
  db: Db | Tx,
  userId: string,
  id: string,
): Promise<{ spaceId: string | null; revokedAt: Date | null } | null> =>
  db.credential.findFirst({ where: { id, userId, sessionId: null }, select: { spaceId: true, revokedAt: true } })

export type NewCredential = {
  id: string
  userId: string
  /** The cluster and space it is bound to; null: all spaces of the person. */
  clusterId: string | null
  spaceId: string | null
  tokenHash: Uint8Array<ArrayBuffer>
  tokenStart: string
  name: string | null
  createdAt: Date
  endsAt: Date
}

/** Adds a credential; only the hash and the start of its token get here. */
export async function insertCredential(tx: Tx, credential: NewCredential): Promise<void> {
  await tx.credential.create({ data: credential })
}

type NewSessionCredential = {
  id: string
  userId: string
  sessionId: string
  tokenHash: Uint8Array<ArrayBuffer>
  createdAt: Date
  /** The latest possible expiry. */
  until: Date
}

/**
 * Adds the credential of a session and locks the session, so that it ends with the session even if that is ending now.
 * @returns when it expires; null: the person has no such session
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

/**
 * Revokes a credential. The table's trigger notifies the gateways.
 * @returns false if it was revoked already
 */
export async function markCredentialRevoked(
  tx: Tx,
  id: string,
  { at, byId }: { at: Date; byId: string },
): Promise<boolean> {
  const { count } = await tx.credential.updateMany({
    where: { id, revokedAt: null },
    data: { revokedAt: at, revokedById: byId },
  })
  return count > 0
}

export type CredentialRecord = {
  id: string
  name: string | null
  tokenStart: string | null
  space: { name: string; status: string; cluster: { name: string } } | null
  createdAt: Date
  endsAt: Date
  revokedAt: Date | null
  lastUsedAt: Date | null
  lastUsedAddress: string | null
  lastUsedClient: string | null
}

const select = (pool: Pool, userId: string, where: Prisma.Sql, limit: number | null) =>
  runSql<CredentialRecord>(
    pool,
    Prisma.sql`
    SELECT k.id, k.name, k.token_start AS "tokenStart", k.created_at AS "createdAt", k.ends_at AS "endsAt", k.revoked_at AS "revokedAt",
      ${lastUseColumns},
      CASE WHEN s.id IS NOT NULL THEN json_build_object('name', s.name, 'status', s.status,
        'cluster', json_build_object('name', c.name)) END AS space
    FROM credential k ${credentialUseJoin} LEFT JOIN space s ON s.id = k.space_id LEFT JOIN cluster c ON c.id = s.cluster_id
    WHERE k.user_id = ${userId}::uuid AND k.session_id IS NULL AND ${where} ORDER BY k.created_at DESC LIMIT ${limit}::int`,
  )

/** @returns a person's credentials that are valid at an instant, newest first */
export const selectActiveCredentials = (pool: Pool, userId: string, at: Date): Promise<CredentialRecord[]> =>
  select(pool, userId, Prisma.sql`k.revoked_at IS NULL AND k.ends_at > ${at}`, null)

/** @returns a person's credentials that are no longer valid, newest first; at most `limit` */
export const selectPastCredentials = (
  pool: Pool,
  userId: string,
  at: Date,
  limit: number,
): Promise<CredentialRecord[]> =>
  select(pool, userId, Prisma.sql`(k.revoked_at IS NOT NULL OR k.ends_at <= ${at})`, limit)
