import { parseScope } from '#lib/features/reviews/model/parse-review.ts'
import type { LineCounts, ReviewDetail, ReviewRow, WaitingReview } from '#lib/features/reviews/model/review-view.ts'
import { Prisma, type Tx } from '#lib/kernel/db/client.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import { seesLineSql, type Viewer, waitsInReviewSql } from '#lib/kernel/db/requests/review-sql.ts'
import { type Reader, runSql } from '#lib/kernel/db/run-sql.ts'
import { AppError, errorCodes } from '#lib/kernel/model/errors.ts'
import {
  includesBindings,
  type LineState,
  type ReviewRule,
  type ReviewScope,
  type ReviewState,
} from '#lib/kernel/model/requests/review.ts'

export type NewReview = {
  id: string
  name: string
  scope: ReviewScope
  undecided: ReviewRule
  /** Null: started by the schedule. */
  byId: string | null
  at: Date
  dueAt: Date
}

/**
 * Adds a review, for the worker to fill, and the clusters to read bindings from.
 * @param clusters the managed clusters
 * @throws AppError review_exists
 */
export async function insertReview(tx: Tx, given: NewReview, clusters: readonly string[]): Promise<void> {
  const { id, name, scope, undecided, byId, at, dueAt } = given
  // The worker's database role may not set who started a review.
  const [byColumn, by] =
    byId === null ? [Prisma.empty, Prisma.empty] : [Prisma.sql`, by_id`, Prisma.sql`, ${byId}::uuid`]
  const added = await tx.$executeRaw`
    INSERT INTO review (id, name, scope, undecided, created_at, due_at${byColumn})
    VALUES (${id}::uuid, ${name}, ${JSON.stringify(scope)}::jsonb, ${undecided}::review_rule, ${at}, ${dueAt}${by})
    ON CONFLICT (name) WHERE state <> 'closed' DO NOTHING`
  if (added === 0)
    throw new AppError('review_exists', { fields: { name: 'A review with this name is still open. Choose another.' } })
  if (includesBindings(scope))
    await tx.$executeRaw`
      INSERT INTO review_cluster (review_id, cluster_id, next_at)
      SELECT ${id}::uuid, c.id, ${at} FROM cluster c
      WHERE c.name = ANY (${[...clusters]}::text[]) AND (${scope.cluster}::text IS NULL OR c.name = ${scope.cluster})`
}

type Part = { cluster: string; spaces: number; failureCode: string | null; finishedAt: string | null }
type Row = Omit<ReviewDetail, 'scope' | 'counts' | 'nobody' | 'clusters'> & {
  scope: unknown
  counted: { counts: Record<string, number> | null; nobody: Record<string, number> | null }
  clusters: Part[] | null
}

/** @returns a number for every state */
export function toCounts(stored: Readonly<Record<string, number>>): LineCounts {
  const of = (state: LineState) => stored[state] ?? 0
  return {
    open: of('open'),
    kept: of('kept'),
    revoked: of('revoked'),
    lowered: of('lowered'),
    flagged: of('flagged'),
    ended: of('ended'),
    undecided: of('undecided'),
    shown: of('shown'),
  }
}

/** A review, and whether the viewer decides or decided on any of its lines. */
export type ReviewAccess = {
  id: string
  name: string
  state: ReviewState
  dueAt: Date
  undecided: ReviewRule
  isReviewer: boolean
}

/** @returns what determines access to a review; null if it doesn't exist */
export async function findReview(
  reader: Reader,
  id: string,
  { userId }: { userId: string },
): Promise<ReviewAccess | null> {
  const [row] = await runSql<ReviewAccess>(
    reader,
    Prisma.sql`
    SELECT v.id, v.name, v.state::text AS state, v.due_at AS "dueAt", v.undecided::text AS undecided, EXISTS (
      SELECT FROM review_line l JOIN space s ON s.id = l.space_id
      WHERE l.review_id = v.id AND l.reviewer_id = ${userId}::uuid AND s.owner_id = ${userId}::uuid) AS "isReviewer"
    FROM review v WHERE v.id = ${id}::uuid`,
  )
  return row ?? null
}

/** @returns a review with counts of the lines that the viewer may see; null if it doesn't exist */
export async function readReviewDetail(reader: Reader, id: string, viewer: Viewer): Promise<ReviewDetail | null> {
  const [row] = await runSql<Row>(
    reader,
    Prisma.sql`
    SELECT v.id, v.name, v.scope, v.state::text AS state, v.undecided::text AS undecided, v.created_at AS at, v.due_at AS "dueAt",
      v.closed_at AS "closedAt", v.close_reason AS "closeReason", v.report_hash AS hash, v.pseudonymised_at AS "pseudonymisedAt",
      CASE WHEN b.id IS NOT NULL THEN json_build_object('handle', b.handle, 'name', b.name) END AS by,
      CASE WHEN e.id IS NOT NULL THEN json_build_object('handle', e.handle, 'name', e.name) END AS "closedBy",
      (SELECT json_build_object('counts', json_object_agg(n.state, n.lines), 'nobody', json_object_agg(n.state, n.nobody)) FROM (
        SELECT l.state, count(*)::int AS lines, count(*) FILTER (WHERE l.decided_by_id IS NULL)::int AS nobody FROM review_line l ${viewer.readsAll ? Prisma.empty : Prisma.sql`JOIN space s ON s.id = l.space_id`}
        WHERE l.review_id = v.id AND ${seesLineSql(viewer)} GROUP BY l.state) n) AS counted,
      (SELECT json_agg(json_build_object('cluster', c.name, 'spaces', p.spaces, 'failureCode', p.failure_code, 'finishedAt', p.finished_at)
          ORDER BY c.name)
        FROM review_cluster p JOIN cluster c ON c.id = p.cluster_id WHERE p.review_id = v.id) AS clusters
    FROM review v LEFT JOIN user_account b ON b.id = v.by_id LEFT JOIN user_account e ON e.id = v.closed_by_id
    WHERE v.id = ${id}::uuid`,
  )
  if (!row) return null
  const { counted, clusters, ...review } = row
  const { kept, revoked, undecided } = toCounts(counted.nobody ?? {})
  return {
    ...review,
    scope: parseScope(row.scope),
    counts: toCounts(counted.counts ?? {}),
    nobody: { kept, revoked, undecided },
    clusters: (clusters ?? []).map(({ failureCode, finishedAt, ...part }) => ({
      ...part,
      failureCode: errorCodes.find((code) => code === failureCode) ?? null,
      finishedAt: finishedAt === null ? null : new Date(finishedAt),
    })),
  }
}

/** @returns the next reviews, newest first */
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

/** @returns the reviews with lines waiting for a person, most urgent first; there are few */
export function selectWaitingReviews(
  pool: Pool,
  { userId, isPlatformAdmin, at }: { userId: string; isPlatformAdmin: boolean; at: Date },
): Promise<WaitingReview[]> {
  const person = { id: Prisma.sql`${userId}::uuid`, isPlatformAdmin: Prisma.sql`${isPlatformAdmin}::boolean`, at }
  return runSql<WaitingReview>(
    pool,
    Prisma.sql`
    SELECT v.id, v.name, v.due_at AS "dueAt", v.undecided::text AS undecided FROM review v WHERE ${waitsInReviewSql(person)}
    ORDER BY v.due_at, v.id LIMIT 100`,
  )
}

/**
 * Gives an open review a later end.
 * @returns whether it was open
 */
export async function extendReviewRow(tx: Tx, id: string, dueAt: Date, at: Date): Promise<boolean> {
  const count = await tx.$executeRaw`
    UPDATE review SET due_at = ${dueAt}, reminded_days = NULL WHERE id = ${id}::uuid AND state = 'open' AND due_at > ${at} AND due_at < ${dueAt}`
  return count > 0
}
