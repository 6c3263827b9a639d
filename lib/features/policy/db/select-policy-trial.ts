import type { TrialGrant, TrialRequest, TrialSpace } from '#lib/features/policy/model/policy-trial.ts'
import { Prisma } from '#lib/kernel/db/client.ts'
import { knownPrivilegedSql } from '#lib/kernel/db/people/group-member-sql.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import { runSql } from '#lib/kernel/db/run-sql.ts'
import { countedAsOwnedSql } from '#lib/kernel/db/spaces/count-owned-spaces.ts'
import { existingText } from '#lib/kernel/db/spaces/effective-sql.ts'
import type { Role } from '#lib/kernel/model/access/role.ts'
import type { PolicyGroup } from '#lib/kernel/model/policy/policy-group.ts'

/**
 * The start of the period, the row limit, and the groups that the rules exempt; `listed`: also where they are pushed.
 */
type Window = { since: Date; take: number; exemptGroups: readonly PolicyGroup[]; listed: readonly string[] }

/** The people who are currently exempt, as SQL of a table (user_id). */
const exemptSql = ({ exemptGroups: groups, listed }: Window) => Prisma.sql`(
  SELECT DISTINCT m.user_id FROM ${knownPrivilegedSql(listed)} m
  JOIN unnest(${groups.map(({ group }) => group)}::text[], ${groups.map(({ issuer }) => issuer)}::text[]) e("group", issuer)
    ON m."group" = e."group" AND m.group_issuer = e.issuer)`

const spaceSql = Prisma.raw(`json_build_object('name', s.name, 'cluster', c.name) AS space, ${existingText} AS exists`)

/** Whether the space `o` was being deleted when `s` was created. */
const deletingThen = Prisma.sql`coalesce(o.delete_requested_at <= s.created_at, false)`

/**
 * @param spaceLimit the rules' number of spaces per person
 * @returns spaces that were created, newest first
 */
export const selectTriedSpaces = (
  pool: Pool,
  { spaceLimit, ...window }: Window & { spaceLimit: number },
): Promise<TrialSpace[]> =>
  runSql<TrialSpace>(
    pool,
    Prisma.sql`
    SELECT ${spaceSql}, u.handle AS owner, s.size::text AS size, s.ends_at AS "endsAt", s.created_at AS at,
      s.request_id IS NOT NULL AS approved, x.user_id IS NOT NULL AS exempt,
      (SELECT ${countedAsOwnedSql(spaceLimit, deletingThen)} FROM space o WHERE o.owner_id = s.owner_id AND o.created_at < s.created_at
        AND (o.deleted_at IS NULL OR o.deleted_at > s.created_at)) AS "ownedBefore"
    FROM (SELECT * FROM space WHERE created_at > ${window.since} ORDER BY created_at DESC LIMIT ${window.take}) s
      JOIN cluster c ON c.id = s.cluster_id JOIN user_account u ON u.id = s.owner_id
      LEFT JOIN ${exemptSql(window)} x ON x.user_id = s.owner_id
    ORDER BY s.created_at DESC`,
  )

/** @returns roles that were granted directly, newest first */
export const selectTriedGrants = (pool: Pool, window: Window): Promise<TrialGrant[]> =>
  runSql<TrialGrant>(
    pool,
    Prisma.sql`
    SELECT ${spaceSql}, coalesce(g."group", u.handle) AS to, g.role::text AS role, g.starts_at AS "startsAt",
      g.ends_at AS "endsAt", g.created_at AS at, x.user_id IS NOT NULL AS exempt
    FROM (SELECT * FROM space_grant WHERE created_at > ${window.since} AND request_id IS NULL ORDER BY created_at DESC LIMIT ${window.take}) g
      JOIN space s ON s.id = g.space_id JOIN cluster c ON c.id = s.cluster_id LEFT JOIN user_account u ON u.id = g.user_id
      LEFT JOIN ${exemptSql(window)} x ON x.user_id = g.created_by_id
    ORDER BY g.created_at DESC`,
  )

type RequestRow = Omit<TrialRequest, 'gave'> & { role: Role | null; endsAt: Date | null }

/** @returns requests that were decided, newest first */
export async function selectTriedRequests(pool: Pool, window: Window): Promise<TrialRequest[]> {
  const rows = await runSql<RequestRow>(
    pool,
    Prisma.sql`
    SELECT r.id, u.handle AS requester, r.state::text AS state, r.created_at AS "createdAt", r.decided_at AS at,
      x.user_id IS NOT NULL AS exempt,
      r.kind::text AS kind,
      greatest(1, (SELECT count(*) FROM request_approval p WHERE p.request_id = r.id))::int AS approvals, r.payload->>'role' AS role,
      CASE r.kind WHEN 'role' THEN r.ends_at ELSE (r.payload->>'endsAt')::timestamptz END AS "endsAt"
    FROM (SELECT * FROM request WHERE decided_at > ${window.since} AND state IN ('approved', 'denied')
        ORDER BY decided_at DESC LIMIT ${window.take}) r
      JOIN user_account u ON u.id = r.requester_id
      LEFT JOIN ${exemptSql(window)} x ON x.user_id = r.decider_id
    ORDER BY r.decided_at DESC`,
  )
  return rows.map(({ role, endsAt, ...row }) => ({ ...row, gave: row.kind === 'size' ? null : { role, endsAt } }))
}
