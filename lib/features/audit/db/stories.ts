import type { CredentialStory, SpaceStory } from '#lib/features/audit/model/story-view.ts'
import { Prisma } from '#lib/kernel/db/client.ts'
import { credentialUseJoin, lastUseColumns } from '#lib/kernel/db/credentials/credential-use-sql.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import { runSql } from '#lib/kernel/db/run-sql.ts'

/** @returns the facts about a credential, valid or not; null if the id never existed */
export async function findCredentialStory(pool: Pool, id: string): Promise<CredentialStory | null> {
  const [credential] = await runSql<CredentialStory>(
    pool,
    Prisma.sql`
    SELECT k.id, json_build_object('handle', u.handle, 'name', u.name) AS owner,
      CASE WHEN s.id IS NOT NULL THEN json_build_object('id', s.id, 'name', s.name) END AS space,
      k.created_at AS "createdAt", k.ends_at AS "endsAt", k.revoked_at AS "revokedAt",
      CASE WHEN b.id IS NOT NULL THEN json_build_object('handle', b.handle, 'name', b.name) END AS "revokedBy",
      ${lastUseColumns},
      k.name, k.token_start AS "tokenStart"
    FROM credential k ${credentialUseJoin} JOIN user_account u ON u.id = k.user_id LEFT JOIN space s ON s.id = k.space_id
      LEFT JOIN user_account b ON b.id = k.revoked_by_id
    WHERE k.id = ${id}::uuid`,
  )
  return credential ?? null
}

/** @returns the facts about a space, deleted or not; null if the id never existed */
export async function findSpaceStory(pool: Pool, id: string): Promise<SpaceStory | null> {
  const [space] = await runSql<SpaceStory>(
    pool,
    Prisma.sql`
    SELECT s.id, s.name, s.namespace, c.name AS cluster, json_build_object('handle', u.handle, 'name', u.name) AS owner,
      s.status::text AS status, s.created_at AS "createdAt", s.ends_at AS "endsAt", s.deleted_at AS "deletedAt",
      (SELECT max(x.last_used_at) FROM space_use x WHERE x.space_id = s.id) AS "lastUsedAt"
    FROM space s JOIN cluster c ON c.id = s.cluster_id JOIN user_account u ON u.id = s.owner_id
    WHERE s.id = ${id}::uuid`,
  )
  return space ?? null
}
