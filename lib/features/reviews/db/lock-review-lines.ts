import type { ClassifiedLine } from '#lib/features/reviews/model/classify-line.ts'
import { parseBinding } from '#lib/features/reviews/model/parse-review.ts'
import type { LineFilter } from '#lib/features/reviews/model/review-view.ts'
import { Prisma, type Tx } from '#lib/kernel/db/client.ts'
import { likePattern } from '#lib/kernel/db/like-pattern.ts'
import { decidesLineSql, type Viewer } from '#lib/kernel/db/requests/review-sql.ts'
import { livingText } from '#lib/kernel/db/spaces/effective-sql.ts'
import type { Role } from '#lib/kernel/model/access/role.ts'
import type { LineKind, ReviewedBinding } from '#lib/kernel/model/requests/review.ts'

/** A line to decide on. Its row and its space's are locked. */
export type LockedLine = ClassifiedLine & {
  id: string
  kind: LineKind
  grantId: string | null
  holder: string
  holderName: string
  userId: string | null
  group: string | null
  groupIssuer: string | null
  binding: ReviewedBinding | null
  space: { id: string; name: string; cluster: string; namespace: string; ownerId: string } | null
}

type Row = Omit<LockedLine, 'binding' | 'now'> & { binding: unknown; nowRole: Role | null; nowEndsAt: Date | null }

/**
 * Selects open lines of a review: by id, or those that match `filter` and `fit`, the kinds and roles that the decision
 * applies to.
 */
export type LineSelection =
  | { ids: readonly string[] }
  | { filter: LineFilter; fit: { kinds: readonly LineKind[]; roles: readonly Role[] | null } }

/** @returns the condition of a filter on `l`; without `show`, open lines */
export function lineFilterSql({ show = 'open', unused, kind, role, search }: LineFilter): Prisma.Sql {
  const conditions = [
    show === 'open' ? Prisma.sql`l.state = 'open'` : null,
    show === 'decided' ? Prisma.sql`l.state NOT IN ('open', 'shown')` : null,
    unused === undefined ? null : Prisma.sql`l.unused`,
    kind === undefined ? null : Prisma.sql`l.kind = ${kind}::review_line_kind`,
    role === undefined ? null : Prisma.sql`l.role = ${role}`,
    search === undefined || search === ''
      ? null
      : Prisma.sql`(l.space_name ILIKE ${likePattern(search)} OR l.holder ILIKE ${likePattern(search)} OR l.holder_name ILIKE ${likePattern(search)})`,
  ].filter((condition) => condition !== null)
  return conditions.length === 0 ? Prisma.sql`true` : Prisma.join(conditions, ' AND ')
}

/** @returns the review's state, under a shared lock: closing it waits for this transaction */
export async function shareReview(
  tx: Tx,
  id: string,
): Promise<{ state: string; dueAt: Date; name: string } | undefined> {
  const [row] = await tx.$queryRaw<{ state: string; dueAt: Date; name: string }[]>`
    SELECT state::text AS state, due_at AS "dueAt", name FROM review WHERE id = ${id}::uuid FOR SHARE`
  return row
}

/**
 * Locks open lines that a person may decide on, and before them their spaces, so that roles stay as read until the
 * transaction ends.
 * @returns at most `limit`, unordered
 */
export async function lockLinesFor(
  tx: Tx,
  reviewId: string,
  chosen: LineSelection,
  { viewer, at, limit }: { viewer: Viewer; at: Date; limit: number },
): Promise<LockedLine[]> {
  const which = 'ids' in chosen ? Prisma.sql`l.id = ANY (${[...chosen.ids]}::uuid[])` : fittingSql(chosen)
  return lockLines(tx, reviewId, Prisma.sql`${which} AND ${decidesLineSql(viewer)}`, { at, limit })
}

function fittingSql({ filter, fit: { kinds, roles } }: Exclude<LineSelection, { ids: readonly string[] }>): Prisma.Sql {
  const ofRoles = roles === null ? Prisma.empty : Prisma.sql`AND l.role = ANY (${[...roles]}::text[])`
  // Lines that changed since the start need individual decisions.
  return Prisma.sql`${lineFilterSql({ ...filter, show: 'open' })} AND l.was_role IS NULL AND l.kind::text = ANY (${[...kinds]}::text[]) ${ofRoles}`
}

/** As lockLinesFor, for the next undecided lines. */
export const lockUndecidedLines = (
  tx: Tx,
  reviewId: string,
  held: { at: Date; limit: number },
): Promise<LockedLine[]> => lockLines(tx, reviewId, Prisma.sql`true`, held)

async function lockLines(
  tx: Tx,
  reviewId: string,
  where: Prisma.Sql,
  { at, limit }: { at: Date; limit: number },
): Promise<LockedLine[]> {
  const from = Prisma.sql`
    FROM review_line l LEFT JOIN space s ON s.id = l.space_id WHERE l.review_id = ${reviewId}::uuid AND l.state = 'open' AND ${where}`
  const found = await tx.$queryRaw<{ id: string; spaceId: string | null }[]>`
    SELECT l.id, l.space_id AS "spaceId" ${from} ORDER BY l.space_name, l.id LIMIT ${limit}`
  if (found.length === 0) return []
  const spaces = [...new Set(found.flatMap(({ spaceId }) => spaceId ?? []))]
  await tx.$executeRaw`
    SELECT count(*) FROM (SELECT FROM space WHERE id = ANY (${spaces}::uuid[]) ORDER BY id FOR NO KEY UPDATE) held`
  const ids = found.map(({ id }) => id)
  await tx.$executeRaw`
    SELECT count(*) FROM (SELECT FROM review_line WHERE id = ANY (${ids}::uuid[]) ORDER BY id FOR UPDATE) held`
  // Read again: the rows may have changed while waiting for the locks.
  const rows = await tx.$queryRaw<Row[]>`
    SELECT l.id, l.kind::text AS kind, l.role, l.ends_at AS "endsAt", l.grant_id AS "grantId", l.holder, l.holder_name AS "holderName",
      l.user_id AS "userId", l."group", l.group_issuer AS "groupIssuer", l.binding,
      l.space_id IS NULL OR coalesce(${Prisma.raw(livingText)}, false) AS "isThere",
      CASE WHEN s.id IS NOT NULL THEN json_build_object('id', s.id, 'name', s.name, 'cluster', l.cluster, 'namespace', s.namespace,
        'ownerId', s.owner_id) END AS space,
      g.role::text AS "nowRole", g.ends_at AS "nowEndsAt"
    FROM review_line l LEFT JOIN space s ON s.id = l.space_id
      LEFT JOIN space_grant g ON g.id = l.grant_id AND g.removed_at IS NULL AND (g.ends_at IS NULL OR g.ends_at > ${at})
        AND ${Prisma.raw(livingText)}
    WHERE l.id = ANY (${ids}::uuid[]) AND l.state = 'open' AND ${where}`
  return rows.map(({ binding, nowRole, nowEndsAt, ...row }) => ({
    ...row,
    binding: parseBinding(binding),
    now: nowRole && { role: nowRole, endsAt: nowEndsAt },
  }))
}
