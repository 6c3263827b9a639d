/** Steps of closing a review: stop decisions, settle the open lines, write the report. */
import { parseBinding, parseScope } from '#lib/features/reviews/model/parse-review.ts'
import type { ReportedLine } from '#lib/features/reviews/model/review-report.ts'
import type { LineCounts } from '#lib/features/reviews/model/review-view.ts'
import { Prisma, type Tx } from '#lib/kernel/db/client.ts'
import { type Reader, runSql } from '#lib/kernel/db/run-sql.ts'
import { type ErrorCode, errorCodes } from '#lib/kernel/model/errors.ts'
import type { ReviewRule, ReviewScope } from '#lib/kernel/model/requests/review.ts'
import { toCounts } from './review-rows.ts'

/**
 * Stops decisions in a review.
 * @returns whether it was open
 */
export async function markReviewClosing(tx: Tx, id: string, by: { id: string; reason: string }): Promise<boolean> {
  const count = await tx.$executeRaw`
    UPDATE review SET state = 'closing', closed_by_id = ${by.id}::uuid, close_reason = ${by.reason} WHERE id = ${id}::uuid AND state = 'open'`
  return count > 0
}

/**
 * As markReviewClosing, for all reviews past their end.
 * @returns how many
 */
export async function markDueReviewsClosing(tx: Tx, at: Date): Promise<number> {
  return tx.$executeRaw`UPDATE review SET state = 'closing' WHERE state = 'open' AND due_at <= ${at}`
}

export type ClosingReview = {
  id: string
  name: string
  scope: ReviewScope
  undecided: ReviewRule
  at: Date
  dueAt: Date
  byId: string | null
  by: string | null
  closedBy: string | null
  closeReason: string | null
}

/** @returns the oldest closing review, its row locked; null if there is none or another worker has it */
export async function lockClosingReview(tx: Tx): Promise<ClosingReview | null> {
  const [row] = await tx.$queryRaw<(Omit<ClosingReview, 'scope'> & { scope: unknown })[]>`
    SELECT v.id, v.name, v.scope, v.undecided::text AS undecided, v.created_at AS at, v.due_at AS "dueAt", v.by_id AS "byId",
      (SELECT u.handle FROM user_account u WHERE u.id = v.by_id) AS by,
      (SELECT u.handle FROM user_account u WHERE u.id = v.closed_by_id) AS "closedBy", v.close_reason AS "closeReason"
    FROM review v WHERE v.state = 'closing' ORDER BY v.created_at LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED`
  return row ? { ...row, scope: parseScope(row.scope) } : null
}

/** @returns the number of lines per state, and how much of each cluster was read */
export async function countReview(
  tx: Tx,
  id: string,
): Promise<{
  counts: LineCounts
  nobody: { kept: number; revoked: number }
  clusters: { name: string; spaces: number; finishedAt: Date | null; failure: ErrorCode | null }[]
}> {
  const states = await tx.$queryRaw<{ state: string; lines: number; nobody: number }[]>`
    SELECT state::text AS state, count(*)::int AS lines, count(*) FILTER (WHERE decided_by_id IS NULL)::int AS nobody
    FROM review_line WHERE review_id = ${id}::uuid GROUP BY 1`
  const clusters = await tx.$queryRaw<
    { name: string; spaces: number; finishedAt: Date | null; failure: string | null }[]
  >`
    SELECT c.name, p.spaces, p.finished_at AS "finishedAt", p.failure_code AS failure
    FROM review_cluster p JOIN cluster c ON c.id = p.cluster_id WHERE p.review_id = ${id}::uuid ORDER BY c.name`
  const nobody = (wanted: string) => states.find(({ state }) => state === wanted)?.nobody ?? 0
  return {
    counts: toCounts(Object.fromEntries(states.map(({ state, lines }) => [state, lines]))),
    nobody: { kept: nobody('kept'), revoked: nobody('revoked') },
    clusters: clusters.map((cluster) => ({
      ...cluster,
      failure: errorCodes.find((code) => code === cluster.failure) ?? null,
    })),
  }
}

type Row = Omit<ReportedLine, 'binding'> & { binding: unknown }

/** @returns the next lines of a review for its report, by id */
export async function selectReportedLines(
  reader: Reader,
  id: string,
  { after, limit }: { after: string | null; limit: number },
): Promise<ReportedLine[]> {
  const rows = await runSql<Row>(
    reader,
    Prisma.sql`
    SELECT l.id, l.kind::text AS kind, l.state::text AS state, l.space_name AS space, l.cluster, l.holder, l."group", l.group_issuer AS "groupIssuer",
      l.role, l.was_role AS "wasRole", l.since, l.ends_at AS until, l.given_by AS "givenBy", l.last_used_at AS "lastUsedAt", l.unused, l.binding,
      l.decided_at AS "decidedAt", d.handle AS "decidedBy", l.to_role AS "toRole", l.reason
    FROM review_line l LEFT JOIN user_account d ON d.id = l.decided_by_id
    WHERE l.review_id = ${id}::uuid ${after === null ? Prisma.empty : Prisma.sql`AND (l.space_name, l.id) > (SELECT a.space_name, a.id FROM review_line a WHERE a.id = ${after}::uuid)`}
    ORDER BY l.space_name, l.id LIMIT ${limit}`,
  )
  return rows.map(({ binding, ...row }) => ({ ...row, binding: parseBinding(binding) }))
}

export async function insertReportPiece(tx: Tx, id: string, number: number, text: string): Promise<void> {
  await tx.$executeRaw`INSERT INTO review_report (review_id, number, text) VALUES (${id}::uuid, ${number}, ${text})`
}

export async function markReviewClosed(tx: Tx, id: string, hash: string, at: Date): Promise<void> {
  await tx.$executeRaw`
    UPDATE review SET state = 'closed', report_hash = ${hash}, closed_at = ${at} WHERE id = ${id}::uuid AND state = 'closing'`
}

/** @returns a chunk of the report; null after the last one */
export async function findReportPiece(reader: Reader, id: string, number: number): Promise<string | null> {
  const [row] = await runSql<{ text: string }>(
    reader,
    Prisma.sql`SELECT text FROM review_report WHERE review_id = ${id}::uuid AND number = ${number}`,
  )
  return row?.text ?? null
}
