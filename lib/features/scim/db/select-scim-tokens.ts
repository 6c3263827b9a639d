import { Prisma } from '#lib/kernel/db/client.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import { runSql } from '#lib/kernel/db/run-sql.ts'
import { activeAdminSql, type TokenRules, tokenInForceSql } from '#lib/kernel/db/scim/token-in-force-sql.ts'
import type { ProvisioningToken } from '#lib/kernel/model/people/provisioning-view.ts'

/** @returns provisioning tokens: those that aren't revoked or expired, then the others, the newest first; at most `limit` */
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
