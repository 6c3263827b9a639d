import { Prisma, type Tx } from '#lib/kernel/db/client.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import { runSql } from '#lib/kernel/db/run-sql.ts'
import { activeAdminSql, type TokenRules, tokenInForceSql } from '#lib/kernel/db/scim/token-in-force-sql.ts'
import type { ProvisioningToken } from '#lib/kernel/model/people/provisioning-view.ts'

/** @returns at most `limit` provisioning tokens: active ones first, then revoked and expired ones, each newest first */
export const selectScimTokens = (pool: Pool, rules: TokenRules, limit: number): Promise<ProvisioningToken[]> =>
  runSql<ProvisioningToken>(
    pool,
    Prisma.sql`
    SELECT t.id, t.name, t.created_at AS "createdAt", t.expires_at AS "expiresAt",
      CASE WHEN t.revoked_at < t.expires_at THEN 'revoked' WHEN t.expires_at <= ${rules.at} THEN 'expired'
        WHEN ${tokenInForceSql(rules)} THEN 'in-force' ELSE 'stopped' END AS state,
      (SELECT coalesce(json_agg(json_build_object('handle', u.handle, 'name', u.name, 'responsible', m.responsible,
        'isAdmin', ${activeAdminSql(rules)}) ORDER BY u.handle), '[]')
        FROM scim_token_maker m JOIN user_account u ON u.id = m.user_id WHERE m.token_id = t.id) AS makers,
      t.last_used_at AS "lastUsedAt", t.last_used_address AS "lastUsedAddress", t.revoked_at AS "revokedAt",
      CASE WHEN r.id IS NOT NULL THEN json_build_object('handle', r.handle, 'name', r.name) END AS "revokedBy"
    FROM scim_token t LEFT JOIN user_account r ON r.id = t.revoked_by_id
    ORDER BY t.revoked_at IS NOT NULL OR t.expires_at <= ${rules.at}, t.created_at DESC, t.id LIMIT ${limit}`,
  )

/**
 * Revokes a provisioning token for good.
 * @param byId null: the operator's command
 * @returns whether it was active
 */
export async function markScimTokenRevoked(
  tx: Tx,
  id: string,
  { at, byId }: { at: Date; byId: string | null },
): Promise<boolean> {
  const { count } = await tx.scimToken.updateMany({
    where: { id, revokedAt: null },
    data: { revokedAt: at, revokedById: byId },
  })
  return count > 0
}

/** Records when and from where a provisioning token was used, unless that was recorded since `before`. */
export async function noteScimTokenUse(
  pool: Pool,
  id: string,
  { at, before, address }: { at: Date; before: Date; address: string | null },
): Promise<void> {
  await runSql(
    pool,
    Prisma.sql`UPDATE scim_token SET last_used_at = ${at}, last_used_address = ${address}
      WHERE id = ${id}::uuid AND revoked_at IS NULL AND (last_used_at IS NULL OR last_used_at < ${before})`,
  )
}

const maxMakers = 5

/** @returns up to a few of the people responsible for a provisioning token; empty if the operator's command made it */
export const findTokenMakers = (tx: Tx, tokenId: string): Promise<{ name: string; handle: string }[]> =>
  tx.$queryRaw<{ name: string; handle: string }[]>`
    SELECT u.name, u.handle FROM scim_token_maker maker JOIN user_account u ON u.id = maker.user_id
    WHERE maker.token_id = ${tokenId}::uuid ORDER BY u.handle LIMIT ${maxMakers}`

/** @returns whether a person requested, approved or took over a provisioning token */
export async function isTokenMaker(tx: Tx, tokenId: string, userId: string): Promise<boolean> {
  const rows = await tx.$queryRaw<unknown[]>`
    SELECT FROM scim_token_maker WHERE token_id = ${tokenId}::uuid AND user_id = ${userId}::uuid`
  return rows.length > 0
}
