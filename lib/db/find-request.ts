import type { RequestState } from '#lib/domain/access-request.ts'
import { Prisma } from './client.ts'
import { type Reader, runSql } from './run-sql.ts'

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
  requester: { handle: string; name: string; email: string }
  decider: { handle: string; name: string } | null
  space: { name: string; ownerId: string; status: string; cluster: { name: string } } | null
}

/** The statement behind every RequestRecord, up to its WHERE: `r` is the request and `s` its space, if any. */
export const requestSql = Prisma.sql`
  SELECT r.id, r.kind::text AS kind, r.requester_id AS "requesterId", r.space_id AS "spaceId", r.payload,
    r.payload_hash AS "payloadHash", r.reason, r.state::text AS state, r.created_at AS "createdAt", r.expires_at AS "expiresAt",
    r.decided_at AS "decidedAt", r.decision_reason AS "decisionReason", r.ends_at AS "endsAt",
    json_build_object('handle', q.handle, 'name', q.name, 'email', q.email) AS requester,
    CASE WHEN d.id IS NOT NULL THEN json_build_object('handle', d.handle, 'name', d.name) END AS decider,
    CASE WHEN s.id IS NOT NULL THEN json_build_object('name', s.name, 'ownerId', s.owner_id, 'status', s.status,
      'cluster', json_build_object('name', c.name)) END AS space
  FROM request r JOIN user_account q ON q.id = r.requester_id LEFT JOIN user_account d ON d.id = r.decider_id
    LEFT JOIN space s ON s.id = r.space_id LEFT JOIN cluster c ON c.id = s.cluster_id`

/** @returns one request, or null */
export async function findRequest(reader: Reader, id: string): Promise<RequestRecord | null> {
  const [row] = await runSql<RequestRecord>(reader, Prisma.sql`${requestSql} WHERE r.id = ${id}::uuid`)
  return row ?? null
}
