import type { OwnedSpace } from '#lib/domain/person-view.ts'
import { Prisma } from './client.ts'
import { existing } from './effective-sql.ts'
import type { Pool } from './pool.ts'
import { runSql } from './run-sql.ts'

/** @returns the spaces that a person owns and that are not deleted, by name; at most `limit` */
export const selectOwnedSpaces = (pool: Pool, userId: string, limit: number): Promise<OwnedSpace[]> =>
  runSql<OwnedSpace>(
    pool,
    Prisma.sql`
    SELECT s.id, s.name, c.name AS cluster, s.status::text AS status, s.created_at AS "createdAt", s.ends_at AS "endsAt"
    FROM space s JOIN cluster c ON c.id = s.cluster_id WHERE s.owner_id = ${userId}::uuid AND ${existing}
    ORDER BY s.name, s.id LIMIT ${limit}`,
  )
