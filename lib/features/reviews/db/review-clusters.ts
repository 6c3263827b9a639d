/** Reading bindings that Spaceport didn't make from one cluster for a review, step by step, on any worker. */

import { parseScope } from '#lib/features/reviews/model/parse-review.ts'
import type { Db, Tx } from '#lib/kernel/db/client.ts'
import { living } from '#lib/kernel/db/spaces/effective-sql.ts'
import type { ErrorCode } from '#lib/kernel/model/errors.ts'
import type { ReviewedBinding, ReviewScope } from '#lib/kernel/model/requests/review.ts'
import type { SpaceStatus } from '#lib/kernel/model/spaces/space-status.ts'

export type ReviewPart = {
  reviewId: string
  clusterId: string
  scope: ReviewScope
  at: Date
  after: string
  spaces: number
  failures: number
  /** Other workers skip it until then. */
  leasedUntil: Date
}

/**
 * Leases the next due part for a cluster; concurrent workers lease different parts. If a worker dies, the part is due
 * again after its lease. Skips closed reviews.
 * @returns null if nothing is due
 */
export async function takeReviewPart(
  db: Db,
  cluster: string,
  { at, leaseMs }: { at: Date; leaseMs: number },
): Promise<ReviewPart | null> {
  const leasedUntil = new Date(at.getTime() + leaseMs)
  const [row] = await db.$queryRaw<(Omit<ReviewPart, 'scope' | 'leasedUntil'> & { scope: unknown })[]>`
    WITH due AS (
      SELECT p.review_id, p.cluster_id, v.scope, v.created_at FROM review v
        JOIN review_cluster p ON p.review_id = v.id JOIN cluster c ON c.id = p.cluster_id
      WHERE v.state IN ('starting', 'open') AND c.name = ${cluster} AND p.finished_at IS NULL AND p.next_at <= ${at}
      ORDER BY p.next_at LIMIT 1 FOR NO KEY UPDATE OF p SKIP LOCKED)
    UPDATE review_cluster p SET next_at = ${leasedUntil} FROM due
    WHERE p.review_id = due.review_id AND p.cluster_id = due.cluster_id
    RETURNING p.review_id AS "reviewId", p.cluster_id AS "clusterId", due.scope, due.created_at AS at, p.after, p.spaces, p.failures`
  return row ? { ...row, scope: parseScope(row.scope), leasedUntil } : null
}

type Progress = {
  after: string
  spaces: number
  /** Consecutive failures. */
  failures: number
  failureCode: ErrorCode | null
  nextAt: Date
  finishedAt: Date | null
}

/**
 * Saves the progress of a part, unless its lease expired and another worker has it.
 * @returns whether it was saved
 */
export async function saveReviewPart(db: Db | Tx, part: ReviewPart, now: Progress): Promise<boolean> {
  const count = await db.$executeRaw`
    UPDATE review_cluster SET after = ${now.after}, spaces = ${now.spaces}, failures = ${now.failures}, failure_code = ${now.failureCode},
      next_at = ${now.nextAt}, finished_at = ${now.finishedAt}
    WHERE review_id = ${part.reviewId}::uuid AND cluster_id = ${part.clusterId}::uuid AND next_at = ${part.leasedUntil} AND finished_at IS NULL`
  return count > 0
}

export type ReviewedSpace = {
  id: string
  name: string
  cluster: string
  namespace: string
  namespaceUid: string | null
  status: SpaceStatus
}

/** @returns the next spaces of a review on a cluster, by namespace */
export async function selectReviewedSpaces(
  db: Db,
  { clusterId, scope, at, after }: ReviewPart,
  limit: number,
): Promise<ReviewedSpace[]> {
  const spaces = scope.spaces.map((space) => space.id)
  return db.$queryRaw<ReviewedSpace[]>`
    SELECT s.id, s.name, c.name AS cluster, s.namespace, s.namespace_uid AS "namespaceUid", s.status::text AS status
    FROM space s JOIN cluster c ON c.id = s.cluster_id
    WHERE s.cluster_id = ${clusterId}::uuid AND s.namespace_uid IS NOT NULL AND ${living} AND s.created_at <= ${at} AND s.namespace > ${after}
      AND (${spaces.length === 0} OR s.id = ANY (${spaces}::uuid[]))
    ORDER BY s.namespace LIMIT ${limit}`
}

export type BindingLine = {
  /** Null for a cluster-wide binding. */
  space: { id: string; name: string } | null
  binding: ReviewedBinding
  /** Display text for the subjects, and the usernames that may belong to Spaceport users. */
  holder: string
  handles: string[]
  /** When the binding was created; null if the cluster doesn't report it. */
  since: Date | null
}

/**
 * Adds lines about bindings to a review that is starting or open.
 * @returns whether it is one
 */
export async function addBindingLines(
  tx: Tx,
  reviewId: string,
  cluster: string,
  found: readonly BindingLine[],
): Promise<boolean> {
  // Blocks closing the review until this commits, or finds it closed.
  const [review] = await tx.$queryRaw<{ state: string }[]>`
    SELECT state::text AS state FROM review WHERE id = ${reviewId}::uuid FOR NO KEY UPDATE`
  if (review?.state !== 'open' && review?.state !== 'starting') return false
  const rows = found.map(({ space, binding, holder, handles, since }) => ({
    space_id: space?.id ?? null,
    space_name: space?.name ?? '',
    binding,
    holder,
    handles,
    since: since?.toISOString() ?? null,
    role: `${binding.roleRef.kind}/${binding.roleRef.name}`,
  }))
  // A binding may name any number of unknown users.
  await tx.$executeRaw`
    INSERT INTO review_line (id, review_id, kind, state, space_id, space_name, cluster, holder, holder_name, handles, role, since, binding)
    SELECT gen_random_uuid(), ${reviewId}::uuid, 'binding', 'open', r.space_id, r.space_name, ${cluster}, r.holder, '',
      ARRAY(SELECT u.handle FROM user_account u WHERE u.handle = ANY (r.handles)), r.role, r.since, r.binding
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      AS r (space_id uuid, space_name text, binding jsonb, holder text, handles text[], role text, since timestamptz)`
  await tx.$executeRaw`UPDATE review SET lines = lines + ${found.length} WHERE id = ${reviewId}::uuid`
  return true
}
