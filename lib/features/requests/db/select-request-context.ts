import { Prisma } from '#lib/kernel/db/client.ts'
import { knownMemberSql } from '#lib/kernel/db/people/group-member-sql.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import type { RequestRecord } from '#lib/kernel/db/requests/find-request.ts'
import { runSql } from '#lib/kernel/db/run-sql.ts'
import { ownedCountSql } from '#lib/kernel/db/spaces/count-owned-spaces.ts'
import { effective, existing, living } from '#lib/kernel/db/spaces/effective-sql.ts'
import type { Role } from '#lib/kernel/model/access/role.ts'
import type { ShownRequestState } from '#lib/kernel/model/requests/access-request.ts'
import type { Size } from '#lib/kernel/model/spaces/size.ts'

export type RequestContextRecord = {
  groups: string[]
  groupCount: number
  owned: number
  bySize: Partial<Record<Size, number>>
  /** Stored usage of the space or of the requester's spaces. */
  usages: unknown[]
  holders: { name: string; isGroup: boolean }[]
  holderCount: number
  last: {
    id: string
    payload: unknown
    state: ShownRequestState
    /** ISO 8601. */
    createdAt: string
    space: { name: string; cluster: string } | null
  }[]
  counts: Partial<Record<ShownRequestState, number>>
}

type About = {
  request: Pick<RequestRecord, 'id' | 'kind' | 'requesterId' | 'spaceId'>
  /** The requested role, or null. */
  role: Role | null
  /** Whether the viewer decides on all requests or only on those of this space. */
  everywhere: boolean
  spaceLimit: number
  at: Date
}

const maxGroups = 10
const maxUsages = 100
const maxHolders = 5
const maxEarlier = 5
/** How many of the requester's own requests are read. */
const maxOwnRequests = 200

/**
 * Everything a decision needs, in one statement that reads a bounded number of rows. Space names come only from
 * requests that the viewer may decide on.
 */
export async function selectRequestContext(pool: Pool, about: About): Promise<RequestContextRecord> {
  const { request, spaceLimit } = about
  const person = Prisma.sql`${request.requesterId}::uuid`
  const ownedOrAsked = request.spaceId
    ? Prisma.sql`s.id = ${request.spaceId}::uuid`
    : Prisma.sql`s.owner_id = ${person}`
  const [row] = await runSql<RequestContextRecord>(
    pool,
    Prisma.sql`
    WITH holder AS (${holdersSql(about)}), earlier AS (${earlierSql(about)})
    SELECT
      ARRAY(SELECT m."group" FROM ${knownMemberSql} m WHERE m.user_id = ${person} ORDER BY 1 LIMIT ${maxGroups}) AS groups,
      (SELECT count(*)::int FROM ${knownMemberSql} m WHERE m.user_id = ${person}) AS "groupCount",
      ${ownedCountSql(request.requesterId, spaceLimit)} AS owned,
      (SELECT coalesce(json_object_agg(size, spaces), '{}') FROM (
        SELECT s.size, count(*) AS spaces FROM space s WHERE s.owner_id = ${person} AND ${existing} GROUP BY s.size) z) AS "bySize",
      (SELECT coalesce(json_agg(usage), '[]') FROM (
        SELECT u.usage FROM space s JOIN space_usage u ON u.space_id = s.id WHERE ${ownedOrAsked} AND ${existing}
        LIMIT ${maxUsages}) z) AS usages,
      (SELECT coalesce(json_agg(z), '[]') FROM (
        SELECT name, "isGroup" FROM holder ORDER BY "isGroup", name LIMIT ${maxHolders}) z) AS holders,
      (SELECT count(*)::int FROM holder) AS "holderCount",
      (SELECT coalesce(json_agg(z), '[]') FROM (
        SELECT * FROM earlier ORDER BY "createdAt" DESC LIMIT ${maxEarlier}) z) AS last,
      (SELECT coalesce(json_object_agg(state, requests), '{}') FROM (
        SELECT state, count(*) AS requests FROM earlier GROUP BY state) z) AS counts`,
  )
  if (!row) throw new Error('a SELECT without FROM has one row')
  return row
}

const holdersSql = ({ request, role, at }: About) => Prisma.sql`
  SELECT DISTINCT ON (g.user_id, g."group", g.group_issuer) coalesce(u.name, g."group") AS name, g."group" IS NOT NULL AS "isGroup"
  FROM space_grant g LEFT JOIN user_account u ON u.id = g.user_id
  WHERE g.space_id = ${request.spaceId}::uuid AND g.role = ${role}::space_role AND ${effective(at)}
    AND g.user_id IS DISTINCT FROM ${request.requesterId}::uuid AND u.deactivated_at IS NULL`

/**
 * The requester's other requests of the same kind. An owner sees those for their space. A platform admin sees all
 * except requests that no one can decide on (roles in missing or deleted spaces). States are those of shownState.
 */
const earlierSql = ({ request, everywhere, at }: About) => Prisma.sql`
  SELECT r.id, r.payload, r.created_at AS "createdAt",
    CASE WHEN r.state = 'open' AND r.expires_at <= ${at} THEN 'expired'
      WHEN r.state IN ('withdrawn', 'expired') AND r.decision_reason IS NOT NULL THEN 'closed'
      ELSE r.state::text END AS state,
    CASE WHEN s.id IS NOT NULL THEN json_build_object('name', s.name, 'cluster', c.name) END AS space
  FROM (
    SELECT * FROM request WHERE requester_id = ${request.requesterId}::uuid AND id <> ${request.id}::uuid
    ORDER BY created_at DESC LIMIT ${maxOwnRequests}) r
    LEFT JOIN space s ON s.id = r.space_id LEFT JOIN cluster c ON c.id = s.cluster_id
  WHERE r.kind = ${request.kind}::request_kind
    AND ${
      everywhere
        ? Prisma.sql`(r.kind = 'space' OR (r.space_id IS NOT NULL AND (r.state <> 'open' OR ${living})))`
        : Prisma.sql`r.space_id = ${request.spaceId}::uuid`
    }`
