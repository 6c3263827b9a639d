import type { ReviewRow, WaitingReview } from '#lib/features/reviews/model/review-view.ts'
import { Prisma } from '#lib/kernel/db/client.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import { waitsInReviewSql } from '#lib/kernel/db/requests/review-sql.ts'
import { runSql } from '#lib/kernel/db/run-sql.ts'

/** @returns reviews, newest first, after one of them */
export function selectReviews(
  pool: Pool,
  { after, limit }: { after: string | undefined; limit: number },
): Promise<ReviewRow[]> {
  return runSql<ReviewRow>(
    pool,
    Prisma.sql`
    WITH page AS (
      SELECT v.* FROM review v
      WHERE ${after === undefined ? Prisma.sql`true` : Prisma.sql`(v.created_at, v.id) < (SELECT a.created_at, a.id FROM review a WHERE a.id = ${after}::uuid)`}
      ORDER BY v.created_at DESC, v.id DESC LIMIT ${limit})
    SELECT v.id, v.name, v.state::text AS state, v.undecided::text AS undecided, v.created_at AS at, v.due_at AS "dueAt", v.closed_at AS "closedAt",
      CASE WHEN b.id IS NOT NULL THEN json_build_object('handle', b.handle, 'name', b.name) END AS by,
      v.lines, CASE WHEN v.state = 'closed' THEN 0 ELSE
        (SELECT count(*) FROM review_line l WHERE l.review_id = v.id AND l.state = 'open')::int END AS open
    FROM page v LEFT JOIN user_account b ON b.id = v.by_id ORDER BY v.created_at DESC, v.id DESC`,
  )
}

/** @returns the reviews in which lines wait for a person, the most urgent first; there are few */
export function selectWaitingReviews(
  pool: Pool,
  { userId, isPlatformAdmin, at }: { userId: string; isPlatformAdmin: boolean; at: Date },
): Promise<WaitingReview[]> {
  const person = { id: Prisma.sql`${userId}::uuid`, isPlatformAdmin: Prisma.sql`${isPlatformAdmin}::boolean`, at }
  return runSql<WaitingReview>(
    pool,
    Prisma.sql`
    SELECT v.id, v.name, v.due_at AS "dueAt", v.undecided::text AS undecided FROM review v WHERE ${waitsInReviewSql(person)}
    ORDER BY v.due_at, v.id LIMIT 20`,
  )
}
