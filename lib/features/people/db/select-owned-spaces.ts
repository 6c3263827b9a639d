import { Prisma } from '#lib/kernel/db/client.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import { runSql } from '#lib/kernel/db/run-sql.ts'
import { existing } from '#lib/kernel/db/spaces/effective-sql.ts'
import type { OwnedSpace } from '#lib/kernel/model/people/person-view.ts'

/** @returns the spaces that a person owns and that are not deleted, by name; at most `limit` */
export const selectOwnedSpaces = (pool: Pool, userId: string, limit: number): Promise<OwnedSpace[]> =>
  runSql<OwnedSpace>(
    pool,
    Prisma.sql`
    SELECT s.id, s.name, c.name AS cluster, s.status::text AS status, s.created_at AS "createdAt", s.ends_at AS "endsAt"
    FROM space s JOIN cluster c ON c.id = s.cluster_id WHERE s.owner_id = ${userId}::uuid AND ${existing}
    ORDER BY s.name, s.id LIMIT ${limit}`,
  )
