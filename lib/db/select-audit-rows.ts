import type { AuditFilter } from '#lib/domain/audit-filter.ts'
import type { AuditRow } from '#lib/domain/audit-view.ts'
import { Prisma } from './client.ts'
import { likePattern } from './like-pattern.ts'
import { onHalfOfPool } from './on-half-of-pool.ts'
import type { Pool } from './pool.ts'
import { runSql } from './run-sql.ts'

type Row = Omit<AuditRow, 'actor' | 'target'> & {
  actorKind: string
  actorHandle: string | null
  actorName: string | null
  targetKind: string
  targetId: string | null
  targetName: string | null
}

export type AuditQuery = AuditFilter & {
  spaceId?: string | undefined
  /** Only rows older than this seq. */
  before?: string | undefined
}

/**
 * Actions of the trail, newest first, each with its outcome. Paging by `seq` makes every page cost the same, however
 * far back. Over all spaces, a filter that fits few rows may take long.
 * @throws AppError rate_limited when too much is being searched
 */
export async function selectAuditRows(pool: Pool, query: AuditQuery, limit: number): Promise<AuditRow[]> {
  const conditions = [Prisma.sql`e.intent_id IS NULL`]
  if (query.before) conditions.push(Prisma.sql`e.seq < ${BigInt(query.before)}`)
  if (query.spaceId) conditions.push(Prisma.sql`e.space_id = ${query.spaceId}::uuid`)
  if (query.person)
    conditions.push(
      Prisma.sql`(e.actor_handle = ${query.person} OR e.actor_name ILIKE ${likePattern(query.person)} OR e.actor_handle ILIKE ${likePattern(query.person)})`,
    )
  if (query.space)
    conditions.push(
      Prisma.sql`(e.target_name = ${query.space} OR e.namespace = ${query.space} OR e.space_id IN (SELECT id FROM space WHERE name = ${query.space}))`,
    )
  if (query.action)
    conditions.push(
      query.action.endsWith('.')
        ? Prisma.sql`e.action LIKE ${`${query.action}%`}`
        : Prisma.sql`e.action = ${query.action}`,
    )
  if (query.from) conditions.push(Prisma.sql`e.at >= ${query.from}`)
  if (query.until) conditions.push(Prisma.sql`e.at < ${query.until}`)
  if (query.outcome === 'unknown') conditions.push(Prisma.sql`e.outcome IS NULL AND o.outcome IS NULL`)
  else if (query.outcome) conditions.push(Prisma.sql`coalesce(o.outcome, e.outcome) = ${query.outcome}::audit_outcome`)
  if (query.text) conditions.push(Prisma.sql`audit_event_text(e.*) ILIKE ${likePattern(query.text)}`)
  const sql = Prisma.sql`
    SELECT e.seq::text AS seq, e.id, e.at, e.action, e.actor_kind AS "actorKind", e.actor_handle AS "actorHandle", e.actor_name AS "actorName",
      e.target_kind AS "targetKind", e.target_id AS "targetId", coalesce(o.target_name, e.target_name) AS "targetName", e.space_id AS "spaceId", e.namespace, e.observer,
      e.source_address AS "sourceAddress", e.user_agent AS "userAgent", e.destination,
      coalesce(o.outcome, e.outcome)::text AS outcome, coalesce(o.reason, e.reason) AS reason, e.detail || coalesce(o.detail, '{}') AS detail,
      e.request_id AS "requestId", coalesce(o.cluster_audit_id, e.cluster_audit_id) AS "clusterAuditId"
    FROM audit_event e LEFT JOIN audit_event o ON o.intent_id = e.id
    WHERE ${Prisma.join(conditions, ' AND ')}
    ORDER BY e.seq DESC LIMIT ${limit}`
  const read = () => runSql<Row>(pool, sql)
  const rows = await (query.spaceId ? read() : onHalfOfPool(pool, read))
  return rows.map(({ actorKind, actorHandle, actorName, targetKind, targetId, targetName, outcome, ...row }) => ({
    ...row,
    outcome: outcome ?? 'unknown',
    actor: { kind: actorKind, handle: actorHandle, name: actorName },
    target: { kind: targetKind, id: targetId, name: targetName },
  }))
}
