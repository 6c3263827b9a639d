import { Prisma } from '#lib/kernel/db/client.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import { runSql } from '#lib/kernel/db/run-sql.ts'
import {
  type RequestPayload,
  type RequestState,
  type ShownRequestState,
  shownState,
} from '#lib/kernel/model/requests/access-request.ts'
import { parsePayload } from '#lib/kernel/model/requests/parse-payload.ts'

export type LastRequest = { id: string; state: ShownRequestState; payload: RequestPayload; reason: string }

/** Identifies the subject of a request: a space by name, or the size or end of a space. */
export type RequestSubject = { cluster: string; name: string } | { kind: 'size' | 'life'; spaceId: string }

/** @returns the last request of a person about a subject. A request past its deadline counts as expired */
export async function findLastRequest(
  pool: Pool,
  requesterId: string,
  about: RequestSubject,
  at: Date,
): Promise<LastRequest | null> {
  const which =
    'name' in about
      ? Prisma.sql`r.kind = 'space' AND r.payload->>'cluster' = ${about.cluster} AND r.payload->>'name' = ${about.name}`
      : Prisma.sql`r.kind = ${about.kind}::request_kind AND r.space_id = ${about.spaceId}::uuid`
  const [row] = await runSql<{
    id: string
    state: RequestState
    payload: unknown
    reason: string
    decisionReason: string | null
  }>(
    pool,
    Prisma.sql`
    SELECT r.id, CASE WHEN r.state = 'open' AND r.expires_at <= ${at} THEN 'expired' ELSE r.state::text END AS state, r.payload, r.reason,
      r.decision_reason AS "decisionReason"
    FROM request r WHERE r.requester_id = ${requesterId}::uuid AND ${which} ORDER BY r.created_at DESC LIMIT 1`,
  )
  if (!row) return null
  const { decisionReason, ...request } = row
  return { ...request, state: shownState(row.state, decisionReason), payload: parsePayload(row.payload) }
}
