import { Prisma } from '#lib/kernel/db/client.ts'
import {
  ableSql,
  accountSql,
  type Deciding,
  isAccountOfSql,
  isChosenSql,
  isDecidableSql,
} from '#lib/kernel/db/people/decides-sql.ts'
import { type Reader, runSql } from '#lib/kernel/db/run-sql.ts'
import { standingSql } from '#lib/kernel/db/spaces/find-space.ts'
import { approvalBounds } from '#lib/kernel/model/policy/policy-bounds.ts'
import type { RequestState } from '#lib/kernel/model/requests/access-request.ts'

export type RequestRecord = {
  id: string
  kind: 'space' | 'size' | 'life' | 'role'
  requesterId: string
  spaceId: string | null
  payload: unknown
  payloadHash: string
  reason: string
  state: RequestState
  createdAt: Date
  expiresAt: Date
  decidedAt: Date | null
  decisionReason: string | null
  endsAt: Date | null
  requester: { handle: string; name: string; email: string; issuer: string }
  decider: { handle: string; name: string } | null
  space: { name: string; ownerId: string; status: string; cluster: { name: string } } | null
}

const columnsSql = (more = Prisma.empty) => Prisma.sql`
  SELECT r.id, r.kind::text AS kind, r.requester_id AS "requesterId", r.space_id AS "spaceId", r.payload,
    r.payload_hash AS "payloadHash", r.reason, r.state::text AS state, r.created_at AS "createdAt", r.expires_at AS "expiresAt",
    r.decided_at AS "decidedAt", r.decision_reason AS "decisionReason", r.ends_at AS "endsAt",
    json_build_object('handle', q.handle, 'name', q.name, 'email', q.email, 'issuer', q.issuer) AS requester,
    CASE WHEN d.id IS NOT NULL THEN json_build_object('handle', d.handle, 'name', d.name) END AS decider,
    CASE WHEN s.id IS NOT NULL THEN json_build_object('name', s.name, 'ownerId', s.owner_id, 'status', s.status,
      'cluster', json_build_object('name', c.name)) END AS space ${more}
  FROM request r JOIN user_account q ON q.id = r.requester_id LEFT JOIN user_account d ON d.id = r.decider_id
    LEFT JOIN space s ON s.id = r.space_id LEFT JOIN cluster c ON c.id = s.cluster_id`

/** Selects a RequestRecord, up to the WHERE: `r` is the request and `s` its space, if any. */
export const requestSql = columnsSql()

/** A person's approval of the current version of a request. */
export type ApprovalRecord = {
  approverId: string
  handle: string
  name: string
  /** ISO 8601. */
  at: string
  reason: string | null
  /** The longest that they allow a role to last; null: as requested. */
  minutes: number | null
  /**
   * Whether the policy still chooses them; otherwise it doesn’t count. Independent of the space’s state, which the
   * requester may not learn.
   */
  counts: boolean
  isViewer: boolean
}

export type FoundRequest = RequestRecord & {
  /** Whether the policy chooses the viewer. */
  isChosen: boolean
  /** Whether the viewer decides on it: they are chosen, and its space, if any, isn’t being deleted. */
  decides: boolean
  /** Whether the viewer owns its space, or has a role there. */
  isMember: boolean
  /** Oldest first. */
  approvals: ApprovalRecord[]
  /** How many people can decide on it or already approved it; at most as many as the policy can require. */
  able: number | null
}

const maxApprovals = 20

const approvalsSql = (viewer: Prisma.Sql, by: Deciding) => Prisma.sql`(
  SELECT coalesce(json_agg(p ORDER BY p.at, p."approverId"), '[]') FROM (
    SELECT u.id AS "approverId", u.handle, u.name, p.approved_at AS at, p.reason, p.minutes,
      u.deactivated_at IS NULL AND ${isChosenSql(accountSql(by.issuers), by)} AS counts,
      ${isAccountOfSql(Prisma.sql`u.id`, viewer)} AS "isViewer"
    FROM request_approval p JOIN user_account u ON u.id = p.approver_id
    WHERE p.request_id = r.id AND p.payload_hash = r.payload_hash ORDER BY counts DESC, p.approved_at LIMIT ${maxApprovals}) p)`

type Viewer = {
  userId: string
  isPlatformAdmin: boolean
  by: Deciding
  at: Date
  countsAble?: boolean
}

const ableCountSql = (by: Deciding) => Prisma.sql`
  (SELECT count(*)::int FROM (SELECT FROM user_account u WHERE ${ableSql(by)} LIMIT ${approvalBounds.max}) able)`

/** @returns a request for a viewer, or null */
export async function findRequest(reader: Reader, id: string, viewer: Viewer): Promise<FoundRequest | null> {
  const { userId, isPlatformAdmin, by, at, countsAble = false } = viewer
  const person = {
    id: Prisma.sql`${userId}::uuid`,
    isPlatformAdmin: Prisma.sql`${isPlatformAdmin}`,
    acts: true as const,
  }
  const more = Prisma.sql`, viewer.chosen AS "isChosen", coalesce(${isDecidableSql} AND viewer.chosen, FALSE) AS decides,
    s.id IS NOT NULL AND ${standingSql(userId, at)} IS NOT NULL AS "isMember", ${approvalsSql(person.id, by)} AS approvals,
    ${countsAble ? ableCountSql(by) : Prisma.sql`NULL::int`} AS able`
  // Planned once for both columns that need it, because planning takes most of this statement's time.
  const viewing = Prisma.sql`CROSS JOIN LATERAL (SELECT coalesce(${isChosenSql(person, by)}, FALSE) AS chosen OFFSET 0) viewer`
  const [row] = await runSql<FoundRequest>(reader, Prisma.sql`${columnsSql(more)} ${viewing} WHERE r.id = ${id}::uuid`)
  return row ?? null
}
