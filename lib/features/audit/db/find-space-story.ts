import type { SpaceStory } from '#lib/features/audit/model/story-view.ts'
import { Prisma } from '#lib/kernel/db/client.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import { runSql } from '#lib/kernel/db/run-sql.ts'

/** @returns what is known about a space, deleted or not; null if there never was one with the id */
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
