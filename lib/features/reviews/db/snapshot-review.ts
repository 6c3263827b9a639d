/** Copies access into a new review's lines, space by space. Only the worker's database role may. */

import { parseScope } from '#lib/features/reviews/model/parse-review.ts'
import { Prisma, type Tx } from '#lib/kernel/db/client.ts'
import { knownMemberSql } from '#lib/kernel/db/people/group-member-sql.ts'
import { reviewerSql } from '#lib/kernel/db/requests/review-sql.ts'
import { living, notOver } from '#lib/kernel/db/spaces/effective-sql.ts'
import { dayMs } from '#lib/kernel/model/duration.ts'
import { type ReviewScope, unusedDays } from '#lib/kernel/model/requests/review.ts'

export type StartingReview = {
  id: string
  name: string
  scope: ReviewScope
  at: Date
  dueAt: Date
  after: string | null
}

/** @returns the oldest starting review, its row locked; null if there is none or another worker has it */
export async function lockStartingReview(tx: Tx): Promise<StartingReview | null> {
  const [row] = await tx.$queryRaw<(Omit<StartingReview, 'scope'> & { scope: unknown })[]>`
    SELECT id, name, scope, created_at AS at, due_at AS "dueAt", after FROM review WHERE state = 'starting' ORDER BY created_at LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED`
  return row ? { ...row, scope: parseScope(row.scope) } : null
}

/**
 * Adds the lines of the next spaces.
 * @returns the number of spaces; fewer than `limit` after the last one
 */
export async function addLinesOfSpaces(
  tx: Tx,
  { id, scope, at, after }: StartingReview,
  limit: number,
): Promise<number> {
  const spaces = scope.spaces.map((space) => space.id)
  const people = scope.people.map((person) => person.id)
  const unusedSince = new Date(at.getTime() - unusedDays * dayMs)
  const everybody = people.length === 0
  const everyRole = scope.roles.length === 0
  const ofPeople = Prisma.sql`(${everybody} OR g.user_id = ANY (${people}::uuid[]) OR EXISTS (
    SELECT FROM ${knownMemberSql} m
    WHERE m."group" = g."group" AND m.group_issuer = g.group_issuer AND m.user_id = ANY (${people}::uuid[])))`
  const [row] = await tx.$queryRaw<{ spaces: number; last: string | null; ids: string[]; lines: number }[]>`
    WITH next AS MATERIALIZED (
      SELECT s.id, s.name, s.owner_id, s.created_at, c.name AS cluster FROM space s JOIN cluster c ON c.id = s.cluster_id
      WHERE ${living} AND s.created_at <= ${at} AND (${after}::uuid IS NULL OR s.id > ${after}::uuid)
        AND (${scope.cluster}::text IS NULL OR c.name = ${scope.cluster})
        AND (${spaces.length === 0} OR s.id = ANY (${spaces}::uuid[]))
      ORDER BY s.id LIMIT ${limit}),
    held AS (
      SELECT 'grant'::review_line_kind AS kind, 'open'::review_line_state AS state, s.id AS space_id, s.name, s.cluster, g.id AS grant_id,
        g.user_id, g."group", g.group_issuer, coalesce(u.handle, g."group") AS holder, coalesce(u.name, '') AS holder_name,
        g.role::text AS role, g.starts_at AS since, g.ends_at, b.handle AS given_by,
        CASE WHEN g.user_id IS NOT NULL THEN (SELECT x.last_used_at FROM space_use x WHERE x.space_id = s.id AND x.user_id = g.user_id)
          ELSE (SELECT max(x.last_used_at) FROM space_use x WHERE x.space_id = s.id AND (
            SELECT TRUE FROM ${knownMemberSql} m
            WHERE m.user_id = x.user_id AND m."group" = g."group" AND m.group_issuer = g.group_issuer LIMIT 1)) END AS last_used_at
      FROM next s JOIN space_grant g ON g.space_id = s.id
        LEFT JOIN user_account u ON u.id = g.user_id LEFT JOIN user_account b ON b.id = g.created_by_id
      WHERE ${notOver(at)} AND g.created_at <= ${at} AND ${ofPeople} AND (${everyRole} OR g.role::text = ANY (${scope.roles}::text[]))
      UNION ALL
      SELECT 'ownership', 'shown', s.id, s.name, s.cluster, NULL, s.owner_id, NULL, NULL, u.handle, u.name, 'owner',
        coalesce(o.closed_at, s.created_at), NULL, b.handle,
        (SELECT x.last_used_at FROM space_use x WHERE x.space_id = s.id AND x.user_id = s.owner_id)
      FROM next s JOIN user_account u ON u.id = s.owner_id
        LEFT JOIN LATERAL (
          SELECT f.closed_at, f.by_id FROM space_offer f
          WHERE f.space_id = s.id AND f.to_id = s.owner_id AND f.state = 'accepted' ORDER BY f.closed_at DESC LIMIT 1) o ON true
        LEFT JOIN user_account b ON b.id = o.by_id
      WHERE ${everyRole} AND (${everybody} OR s.owner_id = ANY (${people}::uuid[]))),
    added AS (
      INSERT INTO review_line (id, review_id, kind, state, space_id, space_name, cluster, grant_id, user_id, "group", group_issuer, holder,
        holder_name, role, since, ends_at, given_by, last_used_at, unused)
      SELECT gen_random_uuid(), ${id}::uuid, h.kind, h.state, h.space_id, h.name, h.cluster, h.grant_id, h.user_id, h."group", h.group_issuer,
        h.holder, h.holder_name, h.role, h.since, h.ends_at, h.given_by, h.last_used_at,
        h.since < ${unusedSince} AND coalesce(h.last_used_at < ${unusedSince}, true)
      FROM held h RETURNING state)
    SELECT count(*)::int AS spaces, (SELECT id FROM next ORDER BY id DESC LIMIT 1) AS last, coalesce(array_agg(id::text), '{}') AS ids,
      (SELECT count(*) FROM added WHERE state = 'open')::int AS lines FROM next`
  if (!row || row.last === null) return 0
  await assignReviewers(tx, id, row.ids)
  await tx.$executeRaw`UPDATE review SET after = ${row.last}::uuid, lines = lines + ${row.lines} WHERE id = ${id}::uuid`
  return row.spaces
}

/**
 * Sets the reviewers of open lines from current ownership. Skips lines that are locked by a decision in progress.
 * @param spaceIds limits it to these spaces; null: all
 */
export async function assignReviewers(tx: Tx, reviewId: string, spaceIds: readonly string[] | null): Promise<void> {
  const some = spaceIds === null ? Prisma.empty : Prisma.sql`AND l.space_id = ANY (${[...spaceIds]}::uuid[])`
  await tx.$executeRaw`
    WITH wanted AS MATERIALIZED (
      SELECT l.id, ${reviewerSql} AS reviewer FROM review_line l JOIN space s ON s.id = l.space_id JOIN user_account o ON o.id = s.owner_id
      WHERE l.review_id = ${reviewId}::uuid AND l.state = 'open' ${some}),
    held AS (
      SELECT l.id, w.reviewer FROM review_line l JOIN wanted w USING (id)
      WHERE l.reviewer_id IS DISTINCT FROM w.reviewer FOR NO KEY UPDATE OF l SKIP LOCKED)
    UPDATE review_line l SET reviewer_id = held.reviewer FROM held WHERE l.id = held.id`
}

/** Opens a filled review for decisions. */
export async function markReviewOpen(tx: Tx, id: string, at: Date, dueAt: Date): Promise<void> {
  await tx.$executeRaw`
    UPDATE review SET state = 'open', opened_at = ${at}, due_at = ${dueAt} WHERE id = ${id}::uuid AND state = 'starting'`
}
