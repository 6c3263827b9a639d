import { Prisma, type Tx } from '#lib/kernel/db/client.ts'
import { accountSql } from '#lib/kernel/db/people/decides-sql.ts'
import type { ReviewRule } from '#lib/kernel/model/requests/review.ts'

export type OpenReview = {
  id: string
  name: string
  undecided: ReviewRule
  createdAt: Date
  dueAt: Date
  remindedDays: number | null
}

/** @returns all open reviews; there are few */
export async function selectOpenReviews(tx: Tx): Promise<OpenReview[]> {
  return tx.$queryRaw<OpenReview[]>`
    SELECT id, name, undecided::text AS undecided, created_at AS "createdAt", due_at AS "dueAt", reminded_days AS "remindedDays"
    FROM review WHERE state = 'open' ORDER BY created_at LIMIT 100`
}

/**
 * The next people with undecided lines who haven't been notified under a key: reviewers, and platform admins for lines
 * without a reviewer.
 * @param issuers the providers that can grant the platform role
 * @returns at most `limit`, each with the number of lines
 */
export async function selectReviewersToNotify(
  tx: Tx,
  reviewId: string,
  { key, issuers, limit }: { key: string; issuers: readonly string[]; limit: number },
): Promise<{ userId: string; lines: number }[]> {
  const { isPlatformAdmin } = accountSql(issuers)
  return tx.$queryRaw<{ userId: string; lines: number }[]>(Prisma.sql`
    WITH waiting AS MATERIALIZED (
      SELECT l.reviewer_id, count(*)::int AS lines FROM review_line l WHERE l.review_id = ${reviewId}::uuid AND l.state = 'open' GROUP BY 1),
    people AS (
      SELECT reviewer_id AS id, lines FROM waiting WHERE reviewer_id IS NOT NULL
      UNION ALL
      SELECT u.id, w.lines FROM waiting w CROSS JOIN user_account u
      WHERE w.reviewer_id IS NULL AND u.platform_role = 'admin' AND ${isPlatformAdmin})
    SELECT p.id AS "userId", sum(p.lines)::int AS lines FROM people p JOIN user_account u ON u.id = p.id
    WHERE u.deactivated_at IS NULL AND NOT EXISTS (SELECT FROM inbox_event e WHERE e.user_id = p.id AND e.dedupe_key = ${key})
    GROUP BY p.id ORDER BY p.id LIMIT ${limit}`)
}

export async function markReminded(tx: Tx, reviewId: string, days: number): Promise<void> {
  await tx.$executeRaw`UPDATE review SET reminded_days = ${days} WHERE id = ${reviewId}::uuid`
}
