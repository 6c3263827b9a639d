import type { Pool } from '#lib/kernel/db/pool.ts'

/** A row that a gateway wrote before it read secrets or a log. */
export type NotedReadRow = {
  auditId: string
  handle: string
  action: string
  kind: string
  namespace: string | null
  name: string | null
  /** Whether it covers reads of several objects; without a namespace: of the whole cluster. */
  several: boolean
  at: Date
}

/** The maximum rows per Audit-ID, which the API server doesn't require to be unique. */
const maxOfId = 4

/** @returns the rows that the gateways of a cluster wrote for some Audit-IDs, found by index */
export async function selectNotedReads(
  pool: Pool,
  cluster: string,
  auditIds: readonly string[],
): Promise<NotedReadRow[]> {
  const { rows } = await pool.query<NotedReadRow>({
    name: 'select-noted-reads',
    text: `SELECT e.cluster_audit_id AS "auditId", e.actor_handle AS handle, e.action, e.target_kind AS kind, e.namespace,
        e.target_name AS name, coalesce(e.detail ->> 'several' = 'true', false) AS several, e.at
      FROM unnest($1::text[]) AS asked (id) CROSS JOIN LATERAL (
        SELECT * FROM audit_event e WHERE e.cluster_audit_id = asked.id AND e.cluster_audit_id IS NOT NULL AND e.intent_id IS NULL
          AND e.route IS NULL AND e.observer LIKE 'gateway/%' AND e.destination = 'cluster/' || $2 AND e.outcome IS NULL
        ORDER BY e.seq LIMIT ${maxOfId}) e`,
    values: [auditIds, cluster],
  })
  return rows
}
