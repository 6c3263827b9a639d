import type { AuditRecord } from '#lib/features/audit/model/audit-record.ts'
import { Prisma } from '#lib/kernel/db/client.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import { runSql } from '#lib/kernel/db/run-sql.ts'

/** An action has few rows, but a client that chooses Audit-IDs at an API server could create more. */
const maxRecords = 20

type Row = { record: AuditRecord; sealed: boolean; reportedAt: Date | null }

/**
 * @returns the row with an id and its related rows, in the order in which they were written: its intent, its outcome,
 * and the cluster's report of the same request. At most 20
 */
export const selectEventRecords = (pool: Pool, id: string): Promise<Row[]> =>
  runSql<Row>(
    pool,
    Prisma.sql`
    WITH asked AS MATERIALIZED (
      SELECT * FROM audit_event WHERE id = ${id}::uuid LIMIT 1
    ), request AS MATERIALIZED (
      SELECT e.cluster_audit_id AS audit_id, e.destination FROM asked a JOIN audit_event e ON e.id = coalesce(a.intent_id, a.id)
      WHERE e.cluster_audit_id IS NOT NULL LIMIT 1
    ), same AS MATERIALIZED (
      SELECT e.* FROM request r JOIN audit_event e ON e.cluster_audit_id = r.audit_id AND e.destination = r.destination
      WHERE e.intent_id IS NULL ORDER BY e.seq LIMIT ${maxRecords}
    ), actions AS (
      SELECT a.* FROM asked a UNION SELECT i.* FROM asked a JOIN audit_event i ON i.id = a.intent_id UNION SELECT s.* FROM same s
    ), found AS (
      SELECT a.* FROM actions a UNION SELECT o.* FROM actions a JOIN audit_event o ON o.intent_id = a.id
    )
    SELECT to_jsonb(f) || jsonb_build_object('seq', f.seq::text) AS record,
      NOT EXISTS (SELECT FROM audit_unsealed u WHERE u.seq = f.seq) AS sealed,
      (SELECT i.received_at FROM cluster_audit_intake i JOIN cluster c ON c.id = i.cluster_id
        WHERE f.destination = 'cluster/' || c.name) AS "reportedAt"
    FROM found f ORDER BY f.seq LIMIT ${maxRecords}`,
  )
