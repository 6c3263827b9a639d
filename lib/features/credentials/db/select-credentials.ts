import { Prisma } from '#lib/kernel/db/client.ts'
import { credentialUseJoin, lastUseColumns } from '#lib/kernel/db/credentials/credential-use-sql.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import { runSql } from '#lib/kernel/db/run-sql.ts'

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
