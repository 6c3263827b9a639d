import { parseBinding } from '#lib/features/reviews/model/parse-review.ts'
import type { LineFilter, ReviewerProgress, ReviewLine } from '#lib/features/reviews/model/review-view.ts'
import { Prisma, type Tx } from '#lib/kernel/db/client.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import {
  accountsOf,
  decidesLineSql,
  isOwnAccessSql,
  seesLineSql,
  type Viewer,
} from '#lib/kernel/db/requests/review-sql.ts'
import { runSql } from '#lib/kernel/db/run-sql.ts'
import { lineFilterSql } from './lock-review-lines.ts'

type Row = Omit<ReviewLine, 'binding'> & { binding: unknown; total: number }

/**
 * @returns the next lines of a review that the viewer may see, by space, and how many match the filter; `total` is 0
 *   past the last page
 */
export async function selectReviewLines(
  pool: Pool,
  reviewId: string,
  { viewer, filter, after, limit }: { viewer: Viewer; filter: LineFilter; after: string | undefined; limit: number },
): Promise<{ lines: ReviewLine[]; total: number }> {
  const from =
    after === undefined
      ? Prisma.sql`true`
      : Prisma.sql`(l.space_name, l.id) > (SELECT a.space_name, a.id FROM review_line a WHERE a.id = ${after}::uuid)`
  const rows = await runSql<Row>(
    pool,
    Prisma.sql`
    WITH matching AS (
      SELECT l.id, l.space_name FROM review_line l ${viewer.readsAll ? Prisma.empty : Prisma.sql`JOIN space s ON s.id = l.space_id`}
      WHERE l.review_id = ${reviewId}::uuid AND ${seesLineSql(viewer)} AND ${lineFilterSql(filter)}),
    page AS (SELECT l.id FROM matching l WHERE ${from} ORDER BY l.space_name, l.id LIMIT ${limit})
    SELECT l.id, l.kind::text AS kind, l.state::text AS state, nullif(l.space_name, '') AS space, l.cluster, l.holder, l.holder_name AS "holderName",
      l."group" IS NOT NULL AS "isGroup", h.deactivated_at IS NOT NULL AS deactivated, l.role, l.was_role AS "wasRole", l.since, l.ends_at AS until, l.given_by AS "givenBy",
      l.last_used_at AS "lastUsedAt", l.unused, l.binding, l.state = 'open' AND coalesce(${decidesLineSql(viewer)}, false) AS decides,
      ${isOwnAccessSql(accountsOf(viewer.userId))} AS "isOwn", l.decided_at AS "decidedAt",
      CASE WHEN d.id IS NOT NULL THEN json_build_object('handle', d.handle, 'name', d.name) END AS "decidedBy",
      l.to_role AS "toRole", l.reason, (SELECT count(*) FROM matching)::int AS total
    FROM page JOIN review_line l USING (id) LEFT JOIN space s ON s.id = l.space_id LEFT JOIN user_account d ON d.id = l.decided_by_id
      LEFT JOIN user_account h ON h.id = l.user_id
    ORDER BY l.space_name, l.id`,
  )
  return {
    lines: rows.map(({ binding, total: _, ...row }) => ({ ...row, binding: parseBinding(binding) })),
    total: rows[0]?.total ?? 0,
  }
}

/** @returns the progress of each reviewer, most open lines first; at most `limit` */
export function selectReviewerProgress(pool: Pool, reviewId: string, limit: number): Promise<ReviewerProgress[]> {
  return runSql<ReviewerProgress>(
    pool,
    Prisma.sql`
    SELECT CASE WHEN u.id IS NOT NULL THEN json_build_object('handle', u.handle, 'name', u.name, 'deactivated', u.deactivated_at IS NOT NULL) END AS reviewer,
      n.lines, n.open
    FROM (
      SELECT l.reviewer_id, count(*)::int AS lines, 
        count(*) FILTER (WHERE l.state = 'open' OR l.state IN ('kept', 'revoked', 'undecided') AND l.decided_by_id IS NULL)::int AS open
      FROM review_line l WHERE l.review_id = ${reviewId}::uuid AND l.state <> 'shown' GROUP BY 1
      ORDER BY open DESC, lines DESC, reviewer_id LIMIT ${limit}) n LEFT JOIN user_account u ON u.id = n.reviewer_id
    ORDER BY n.open DESC, n.lines DESC, u.handle`,
  )
}

/**
 * @returns whether one of these open lines is about the person's own access and would otherwise be theirs to decide.
 *   Reveals nothing about other lines
 */
export async function isOwnLine(tx: Tx, ids: readonly string[], viewer: Viewer): Promise<boolean> {
  const { userId, isPlatformAdmin } = viewer
  const rows = await runSql(
    tx,
    Prisma.sql`
    SELECT l.id FROM review_line l LEFT JOIN space s ON s.id = l.space_id
    WHERE l.id = ANY (${[...ids]}::uuid[]) AND l.state = 'open' AND (${isPlatformAdmin}::boolean OR s.owner_id = ${userId}::uuid)
      AND ${isOwnAccessSql(accountsOf(userId))} AND NOT coalesce(${decidesLineSql(viewer)}, false) LIMIT 1`,
  )
  return rows.length > 0
}
