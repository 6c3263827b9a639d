import type { ProvisioningToken } from '#lib/domain/provisioning-view.ts'
import { Prisma } from './client.ts'
import type { Pool } from './pool.ts'
import { runSql } from './run-sql.ts'

/** @returns provisioning tokens: those in force, then the revoked ones, the newest first; at most `limit` */
export const selectScimTokens = (pool: Pool, limit: number): Promise<ProvisioningToken[]> =>
  runSql<ProvisioningToken>(
    pool,
    Prisma.sql`
    SELECT t.id, t.name, t.created_at AS "createdAt", json_build_object('handle', c.handle, 'name', c.name) AS "createdBy",
      t.last_used_at AS "lastUsedAt", t.last_used_address AS "lastUsedAddress", t.revoked_at AS "revokedAt",
      CASE WHEN r.id IS NOT NULL THEN json_build_object('handle', r.handle, 'name', r.name) END AS "revokedBy"
    FROM scim_token t JOIN user_account c ON c.id = t.created_by_id LEFT JOIN user_account r ON r.id = t.revoked_by_id
    ORDER BY t.revoked_at IS NOT NULL, t.created_at DESC, t.id LIMIT ${limit}`,
  )
