import { Prisma } from '#lib/kernel/db/client.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import { runSql } from '#lib/kernel/db/run-sql.ts'
import { living } from '#lib/kernel/db/spaces/effective-sql.ts'
import type { Size } from '#lib/kernel/model/spaces/size.ts'

export type OfferRow = {
  id: string
  space: string
  cluster: string
  description: string
  size: Size
  fromHandle: string
  fromName: string
  byHandle: string
  byName: string
  byOwner: boolean
  reason: string | null
  expiresAt: Date
}

const maxOffers = 20

/** @returns the spaces offered to a person at an instant, those that expire soonest first; at most 20 */
export const selectOffers = (pool: Pool, userId: string, at: Date): Promise<OfferRow[]> =>
  runSql<OfferRow>(
    pool,
    Prisma.sql`
    SELECT f.id, s.name AS space, c.name AS cluster, s.description, s.size::text AS size, o.handle AS "fromHandle",
      o.name AS "fromName", b.handle AS "byHandle", b.name AS "byName", f.by_id = f.from_id AS "byOwner", f.reason,
      f.expires_at AS "expiresAt"
    FROM space_offer f JOIN space s ON s.id = f.space_id JOIN cluster c ON c.id = s.cluster_id
      JOIN user_account o ON o.id = f.from_id JOIN user_account b ON b.id = f.by_id
    WHERE f.to_id = ${userId}::uuid AND f.state = 'open' AND f.expires_at > ${at} AND ${living}
    ORDER BY f.expires_at, f.id LIMIT ${maxOffers}`,
  )
