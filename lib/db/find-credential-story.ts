import type { CredentialStory } from '#lib/domain/story-view.ts'
import { Prisma } from './client.ts'
import type { Pool } from './pool.ts'
import { runSql } from './run-sql.ts'

/** @returns what is known about a credential, in force or not; null if there never was one with the id */
export async function findCredentialStory(pool: Pool, id: string): Promise<CredentialStory | null> {
  const [credential] = await runSql<CredentialStory>(
    pool,
    Prisma.sql`
    SELECT c.id, json_build_object('handle', u.handle, 'name', u.name) AS owner,
      CASE WHEN s.id IS NOT NULL THEN json_build_object('id', s.id, 'name', s.name) END AS space,
      c.created_at AS "createdAt", c.ends_at AS "endsAt", c.revoked_at AS "revokedAt",
      CASE WHEN b.id IS NOT NULL THEN json_build_object('handle', b.handle, 'name', b.name) END AS "revokedBy",
      c.last_used_at AS "lastUsedAt", c.last_used_address AS "lastUsedAddress", c.last_used_client AS "lastUsedClient",
      c.name, c.token_start AS "tokenStart"
    FROM credential c JOIN user_account u ON u.id = c.user_id LEFT JOIN space s ON s.id = c.space_id
      LEFT JOIN user_account b ON b.id = c.revoked_by_id
    WHERE c.id = ${id}::uuid`,
  )
  return credential ?? null
}
